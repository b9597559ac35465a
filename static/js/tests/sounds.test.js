import assert from "node:assert/strict";
import { test } from "node:test";
import { recipeOf, synthesise } from "beatsight/audio/sounds";

test("every drum sounds, stays within the scale and ends in silence", () => {
  for (const drum of ["kick", "snare", "hihat_closed", "tom_low", "ride", "click", "custom_gong"]) {
    const samples = synthesise(recipeOf(drum), 8000);
    const loudest = Math.max(...samples.map(Math.abs));
    assert.ok(loudest > 0.1 && loudest <= 1, `${drum} is ${loudest} loud`);
    assert.ok(Math.abs(samples.at(-1) ?? 1) < 0.02, `${drum} ends with a click`);
  }
});

test("a sound is the same at every call", () => {
  assert.deepEqual(synthesise(recipeOf("snare"), 8000), synthesise(recipeOf("snare"), 8000));
});
