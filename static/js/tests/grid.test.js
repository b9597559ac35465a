import assert from "node:assert/strict";
import { test } from "node:test";
import { readGrid } from "beatsight/map/grid";

/** @param {{at: number, bar: number, beat: number}[]} beats */
const places = (beats) => beats.map(({ at, bar, beat }) => `${at} ${bar}.${beat}`);

test("beats of a steady song are counted in bars of four", () => {
  const beats = readGrid({ bpm: 120, offset: 0, timeSignature: "4/4" }, 2.5);
  assert.deepEqual(places(beats), ["0 1.1", "0.5 1.2", "1 1.3", "1.5 1.4", "2 2.1", "2.5 2.2"]);
});

test("beats before the first bar are a pick-up in bar 0", () => {
  const beats = readGrid({ bpm: 60, offset: 2500, timeSignature: "4/4" }, 3);
  assert.deepEqual(places(beats), ["0.5 0.3", "1.5 0.4", "2.5 1.1"]);
});

test("a change of tempo moves the beats after it and no bar", () => {
  const timingPoints = [
    { time: 0, tick: 0, bpm: 60, timeSignature: "2/4" },
    { time: 1000, tick: 960, bpm: 120, timeSignature: "2/4" },
  ];
  assert.deepEqual(places(readGrid({ bpm: 60, offset: 0, timingPoints }, 2)), ["0 1.1", "1 1.2", "1.5 2.1", "2 2.2"]);
});

test("a new time signature begins a bar where it stands", () => {
  const timingPoints = [
    { time: 0, tick: 0, bpm: 60, timeSignature: "4/4" },
    { time: 2000, tick: 1920, bpm: 60, timeSignature: "3/4" },
  ];
  assert.deepEqual(places(readGrid({ bpm: 60, offset: 0, timingPoints }, 5)), [
    "0 1.1", "1 1.2", "2 2.1", "3 2.2", "4 2.3", "5 3.1",
  ]);
});

test("timing points of version 1.0, without ticks, are placed by their times", () => {
  const timingPoints = [
    { time: 0, bpm: 60, timeSignature: "4/4" },
    { time: 4000, bpm: 120, timeSignature: "4/4" },
  ];
  assert.deepEqual(places(readGrid({ bpm: 60, offset: 0, timingPoints }, 4.5)).slice(-2), ["4 2.1", "4.5 2.2"]);
});

test("a senseless tempo ends", () => {
  assert.ok(readGrid({ bpm: 1e9, offset: 0 }, 100).length <= 50_000);
});
