/** A `.bsm` document as columns that can be searched and drawn quickly; times in seconds. */
import { readGrid } from "beatsight/map/grid";

/** Below this the model was unsure, and the note is marked with a "?". */
export const UNSURE_BELOW = 0.5;
/** What a note without a velocity means (2-map-format). */
const NORMAL_VELOCITY = 0.8;

/**
 * @typedef {object} Note
 * @property {number} at seconds
 * @property {number} lane 0 to 6
 * @property {string} component
 * @property {number} velocity 0 to 1
 * @property {boolean} isUnsure
 */

/**
 * @typedef {object} Chart
 * @property {Note[]} notes by time
 * @property {Float64Array} times of the notes
 * @property {import("./grid.js").Beat[]} beats by time
 * @property {Float64Array} beatTimes
 * @property {Section[]} sections by time
 * @property {Float64Array} sectionTimes
 * @property {number} duration seconds
 */

/** @typedef {{at: number, label: string}} Section a part of the song, from `at` (seconds) to the next one */

/**
 * @param {any} document a parsed `.bsm` file
 * @returns {Chart}
 */
export function readChart(document) {
  const notes = document.hitObjects.map(readNote).sort((/** @type {Note} */ a, /** @type {Note} */ b) => a.at - b.at);
  const lastNote = notes.at(-1)?.at ?? 0;
  const duration = Math.max((document.audio?.duration ?? 0) / 1000, lastNote + 1);
  const beats = readGrid(document.timing, duration);
  const sections = readSections(document.editor?.sections);
  return {
    notes,
    times: Float64Array.from(notes, (/** @type {Note} */ note) => note.at),
    beats,
    beatTimes: Float64Array.from(beats, (beat) => beat.at),
    sections,
    sectionTimes: Float64Array.from(sections, (section) => section.at),
    duration,
  };
}

/** @param {any} hit @returns {Note} */
function readNote(hit) {
  const isUnsure = (hit.confidence ?? 1) < UNSURE_BELOW || Boolean(hit.flags?.includes("unsure"));
  return { at: hit.time / 1000, lane: hit.lane, component: hit.component, velocity: hit.velocity ?? NORMAL_VELOCITY, isUnsure };
}

/** @param {any[] | null} [written] @returns {Section[]} */
function readSections(written) {
  return (written ?? []).map(({ time, label }) => ({ at: time / 1000, label })).sort((a, b) => a.at - b.at);
}

/**
 * What plays at a moment: the last section that has begun.
 * @param {Chart} chart
 * @param {number} now seconds
 */
export function sectionAt({ sections, sectionTimes }, now) {
  return sections[firstFrom(sectionTimes, now + 1e-3) - 1];
}

/**
 * The index of the first time that is not before `time`; as many as there are times if all are.
 * @param {ArrayLike<number>} times ascending
 * @param {number} time
 */
export function firstFrom(times, time) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
