/**
 * Where on the canvas a moment and a lane lie.
 *
 * A wide canvas scrolls from right to left, as the editor does; a narrow one lets the notes fall, so that a phone
 * shows seven lanes at a readable size. Whoever asked for less motion gets pages that turn instead of scrolling.
 */
import { ROWS } from "beatsight/map/shapes";

const WIDE_FROM_PX = 640;
const LABELS_PX = 124;
const RULER_PX = 28;
const FOOT_PX = 44;

export class View {
  /** @param {number} width @param {number} height @param {boolean} isCalm */
  constructor(width, height, isCalm) {
    this.width = width;
    this.height = height;
    this.isCalm = isCalm;
    this.isWide = width >= WIDE_FROM_PX;
    this.secondPx = this.isWide ? 190 : 240;
    /** From the canvas's edge to the moment that sounds now. */
    this.hitPx = this.isWide ? LABELS_PX + (width - LABELS_PX) * 0.2 : height - FOOT_PX - 20;
    this.lanePx = this.isWide ? (height - RULER_PX) / ROWS.length : width / ROWS.length;
    this.notePx = Math.min(14, this.lanePx * 0.3);
    this.span = (this.isWide ? width - LABELS_PX : height) / this.secondPx;
  }

  /** The moments at the edges when `now` sounds, in seconds. @param {number} now */
  window(now) {
    const behind = this.isWide ? (this.hitPx - LABELS_PX) / this.secondPx : (this.height - this.hitPx) / this.secondPx;
    const from = this.isCalm ? Math.floor(now / this.span) * this.span : now - behind;
    return { from, until: from + this.span };
  }

  /** Pixels along the time's axis. @param {number} at seconds @param {number} from the window's start */
  along(at, from) {
    const px = (at - from) * this.secondPx;
    return this.isWide ? LABELS_PX + px : this.height - px;
  }

  /** The middle of a lane, across the time's axis. @param {number} lane 0 to 6 */
  across(lane) {
    const row = this.isWide ? ROWS.indexOf(lane) : FALLING.indexOf(lane);
    return (this.isWide ? RULER_PX : 0) + (row + 0.5) * this.lanePx;
  }

  /** @param {number} at @param {number} lane @param {number} from @returns {[number, number]} x, y */
  place(at, lane, from) {
    return this.isWide ? [this.along(at, from), this.across(lane)] : [this.across(lane), this.along(at, from)];
  }
}

/** Lanes of falling notes, left to right: hi-hat and snare at the left hand, cymbals at the right, feet outside. */
const FALLING = Object.freeze([1, 3, 2, 4, 5, 6, 0]);

export { FOOT_PX, LABELS_PX, RULER_PX };
