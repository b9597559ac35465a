/** Beats and bars of a song from the `timing` of its map, counted as `maps/chart/tempo.py` counts them. */

const TICKS_PER_QUARTER = 960;
const TICKS_PER_WHOLE = 4 * TICKS_PER_QUARTER;
/** More beats than any song has: a senseless tempo must not fill the memory. */
const MOST_BEATS = 50_000;

/**
 * @typedef {{at: number, bar: number, beat: number}} Beat `at` in seconds, `beat` from 1 within its bar
 * @typedef {{tick: number, at: number, bpm: number, beats: number, unit: number}} Mark
 */

/**
 * Every beat from the start of the sound to its end, those of a pick-up in bar 0 and below.
 * @param {any} timing
 * @param {number} duration seconds
 * @returns {Beat[]}
 */
export function readGrid(timing, duration) {
  const marks = readMarks(timing);
  return [...pickUp(marks[0]), ...beatsFrom(marks, duration)];
}

/** @param {any} timing @returns {Mark[]} */
function readMarks(timing) {
  const first = { tick: 0, at: (timing.offset ?? 0) / 1000, bpm: timing.bpm, ...signature(timing.timeSignature) };
  const points = (timing.timingPoints ?? []).map((/** @type {any} */ point) => ({
    tick: point.tick,
    at: point.time / 1000,
    bpm: point.bpm,
    ...signature(point.timeSignature ?? timing.timeSignature),
  }));
  points.sort((/** @type {Mark} */ a, /** @type {Mark} */ b) => a.at - b.at);
  const marks = points.length ? points : [first];
  for (const [index, mark] of marks.entries()) mark.tick ??= index ? tickAt(marks[index - 1], mark.at) : 0;
  if (marks[0].tick > 0) marks.unshift(first);
  return marks;
}

/** @param {string | undefined} written `"6/8"` */
function signature(written) {
  const [beats, unit] = (written ?? "4/4").split("/").map(Number);
  return { beats, unit };
}

/** @param {Mark} mark @param {number} tick */
function timeAt(mark, tick) {
  return mark.at + ((tick - mark.tick) * 60) / (mark.bpm * TICKS_PER_QUARTER);
}

/** @param {Mark} mark @param {number} at */
function tickAt(mark, at) {
  return mark.tick + Math.round(((at - mark.at) * mark.bpm * TICKS_PER_QUARTER) / 60);
}

/** Beats of the sound before the first bar. @param {Mark} mark @returns {Beat[]} */
function pickUp(mark) {
  /** @type {Beat[]} */
  const beats = [];
  const step = TICKS_PER_WHOLE / mark.unit;
  for (let count = 1; count < MOST_BEATS && timeAt(mark, mark.tick - count * step) >= 0; count++) {
    const bar = -Math.ceil(count / mark.beats) + 1;
    beats.unshift({ at: timeAt(mark, mark.tick - count * step), bar, beat: mark.beats - ((count - 1) % mark.beats) });
  }
  return beats;
}

/** @param {Mark[]} marks @param {number} duration @returns {Beat[]} */
function beatsFrom(marks, duration) {
  /** @type {Beat[]} */
  const beats = [];
  let current = 0;
  let meter = marks[0];
  let [tick, bar, beat] = [meter.tick, 1, 1];
  while (beats.length < MOST_BEATS) {
    while (current + 1 < marks.length && marks[current + 1].tick <= tick) current++;
    const at = timeAt(marks[current], tick);
    if (!(at <= duration)) break;
    beats.push({ at, bar, beat });
    let next = tick + TICKS_PER_WHOLE / meter.unit;
    if (++beat > meter.beats) [bar, beat] = [bar + 1, 1];
    const change = marks.find((mark) => mark.tick > tick && mark.tick <= next && !sameMeter(mark, meter));
    if (change) {
      // A new time signature begins a bar where it stands; a bar that it cuts short counts as one.
      if (beat !== 1) bar++;
      [meter, next, beat] = [change, change.tick, 1];
    }
    tick = next;
  }
  return beats;
}

/** @param {Mark} a @param {Mark} b */
function sameMeter(a, b) {
  return a.beats === b.beats && a.unit === b.unit;
}
