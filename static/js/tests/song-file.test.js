import assert from "node:assert/strict";
import { test } from "node:test";
import { contentType, refusal } from "beatsight/song-file";

const LIMIT = 200 * 2 ** 20;
/** @param {Partial<File>} facts */
const file = (facts) => ({ name: "song.mp3", size: 1_000_000, type: "audio/mpeg", ...facts });

test("a song is taken", () => assert.equal(refusal(file({}), LIMIT), null));

test("an empty file is refused with what to do", () => {
  assert.match(refusal(file({ size: 0 }), LIMIT) ?? "", /empty.*download it first/);
});

test("a file that is no song is refused by its name", () => {
  assert.match(refusal(file({ name: "setup.exe", type: "application/x-msdownload" }), LIMIT) ?? "", /setup\.exe.*like a song/);
});

test("a file over the limit is refused with both sizes", () => {
  assert.match(refusal(file({ size: 300 * 2 ** 20 }), LIMIT) ?? "", /300 MB.*200 MB/);
});

test("a song without a type from the browser is known by its ending", () => {
  assert.equal(contentType({ name: "Song.FLAC", type: "" }), "audio/flac");
});
