/** What can be said of a chosen file before a byte of it is sent. */
import { size } from "beatsight/words";

/** The kinds we read, by the ending of the name; the server looks at the content again. */
export const KINDS = Object.freeze({
  wav: "audio/wav",
  mp3: "audio/mpeg",
  flac: "audio/flac",
  ogg: "audio/ogg",
  oga: "audio/ogg",
  opus: "audio/ogg",
  m4a: "audio/mp4",
  mp4: "audio/mp4",
});

const READABLE = "wav, mp3, flac, ogg, m4a or opus";

/**
 * Why a file can't be taken, as a sentence; null if it can.
 * @param {{name: string, size: number, type: string}} file
 * @param {number} maximumBytes
 */
export function refusal(file, maximumBytes) {
  if (file.size === 0) return `“${file.name}” is empty. If it lies in a cloud folder, download it first.`;
  if (!contentType(file)) return `“${file.name}” doesn't look like a song. Choose a ${READABLE} file.`;
  if (file.size > maximumBytes) {
    return `“${file.name}” has ${size(file.size)}; up to ${size(maximumBytes)} are possible. An mp3 or flac of it is smaller.`;
  }
  return null;
}

/**
 * The type to announce; empty if the file can't be a song.
 * @param {{name: string, type: string}} file
 */
export function contentType({ name, type }) {
  const ending = name.toLowerCase().split(".").pop() ?? "";
  if (ending in KINDS) return KINDS[/** @type {keyof typeof KINDS} */ (ending)];
  return type.startsWith("audio/") ? type : "";
}
