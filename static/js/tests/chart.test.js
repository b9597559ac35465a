import assert from "node:assert/strict";
import { test } from "node:test";
import { firstFrom, readChart, sectionAt } from "beatsight/map/chart";

const TIMING = { bpm: 120, offset: 0, timeSignature: "4/4", timingPoints: [] };

/** @param {object[]} hitObjects */
const chartOf = (hitObjects) => readChart({ audio: { duration: 4000 }, timing: TIMING, hitObjects });

test("notes are read in order of time, in seconds", () => {
  const { notes, times } = chartOf([
    { time: 1500, component: "snare", lane: 2, velocity: 0.9 },
    { time: 250, component: "kick", lane: 0, velocity: 0.5 },
  ]);
  assert.deepEqual([...times], [0.25, 1.5]);
  assert.equal(notes[0].component, "kick");
});

test("a note without a velocity is a normal hit, and one without a confidence is sure", () => {
  const [note] = chartOf([{ time: 0, component: "kick", lane: 0 }]).notes;
  assert.equal(note.velocity, 0.8);
  assert.equal(note.isUnsure, false);
});

test("a note that the model doubted is unsure", () => {
  const [note] = chartOf([{ time: 0, component: "kick", lane: 0, confidence: 0.3 }]).notes;
  assert.equal(note.isUnsure, true);
});

test("a map lasts until after its last note even if its sound is shorter", () => {
  assert.equal(chartOf([{ time: 9000, component: "kick", lane: 0 }]).duration, 10);
});

test("a section lasts until the next one begins, and a map need not have any", () => {
  const sections = [{ time: 2000, tick: 3840, label: "B · ride" }, { time: 0, tick: 0, label: "A · hi-hat" }];
  const chart = readChart({ audio: { duration: 4000 }, timing: TIMING, hitObjects: [], editor: { sections } });
  assert.deepEqual([-1, 0, 1.99, 2, 9].map((now) => sectionAt(chart, now)?.label), [
    undefined, "A · hi-hat", "A · hi-hat", "B · ride", "B · ride",
  ]);
  assert.equal(sectionAt(chartOf([]), 1), undefined);
});

test("the first note of a window is found among equal and missing times", () => {
  const times = [0, 1, 1, 2, 5];
  assert.deepEqual([-1, 0, 1, 1.5, 5, 6].map((at) => firstFrom(times, at)), [0, 0, 1, 3, 4, 5]);
});
