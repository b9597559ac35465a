import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, clockTenths, percent, size, wait } from "beatsight/words";

test("positions read as minutes and seconds", () => {
  assert.deepEqual([0, 61.04, 3599.99].map(clock), ["0:00", "1:01", "59:59"]);
  assert.equal(clockTenths(61.04), "1:01.0");
  assert.equal(clockTenths(-1), "0:00.0");
});

test("sizes read in the unit that fits", () => {
  assert.deepEqual([900, 3_565_158, 54_525_952].map(size), ["1 kB", "3.4 MB", "52 MB"]);
});

test("waits are rounded to what one can promise", () => {
  assert.deepEqual([4_000, 31_000, 58_000, 130_000, 3_700_000].map(wait), [
    "a few seconds", "about 30 seconds", "about a minute", "about 2 minutes", "about an hour",
  ]);
});

test("a share never leaves 0 to 100", () => assert.deepEqual([-1, 0.834, 2].map(percent), ["0 %", "83 %", "100 %"]));
