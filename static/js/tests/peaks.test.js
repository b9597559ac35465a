import assert from "node:assert/strict";
import { test } from "node:test";
import { extremes } from "beatsight/map/peaks";

const PEAKS = [-1, 2, -30, 40, -5, 6, -7, 80];

test("a column of the waveform reaches as far as the loudest of its peaks", () => {
  assert.deepEqual(extremes(PEAKS, 0, 0.5), [-30, 40]);
  assert.deepEqual(extremes(PEAKS, 0.5, 1), [-7, 80]);
});

test("more columns than peaks repeat a peak", () => {
  assert.deepEqual(extremes(PEAKS, 0.26, 0.3), [-30, 40]);
});
