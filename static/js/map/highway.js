/**
 * The notes on their way to the moment that sounds now: what stands still on one canvas, what moves on another.
 *
 * Drawn from the song's time alone, so that the picture can't run ahead of the sound or behind it.
 */
import { clip, line, sharpContext } from "beatsight/map/canvas";
import { firstFrom, sectionAt } from "beatsight/map/chart";
import { readColours } from "beatsight/map/colours";
import { LANES, lookOf, sizeOf } from "beatsight/map/shapes";
import { FOOT_PX, LABELS_PX, RULER_PX, View } from "beatsight/map/view";

const FONT = "Inter, system-ui, sans-serif";
/** How long a note that was just hit shines. */
const SHINE_S = 0.16;
/** A section begins at a bar line; both are written in whole milliseconds. */
const SAME_MOMENT_S = 0.002;
/** Notes this far outside still reach into the picture. */
const MARGIN_S = 0.15;

export class Highway {
  /**
   * @param {HTMLCanvasElement} still lanes, labels
   * @param {HTMLCanvasElement} moving bars, notes
   * @param {import("./chart.js").Chart} chart
   */
  constructor(still, moving, chart) {
    this.still = still;
    this.moving = moving;
    this.chart = chart;
    this.fit();
  }

  /** Take the size, the theme and the wish for calm as they are now. */
  fit() {
    const { clientWidth, clientHeight } = this.still;
    this.colours = readColours();
    this.view = new View(clientWidth, clientHeight, matchMedia("(prefers-reduced-motion: reduce)").matches);
    this.#drawStill(sharpContext(this.still));
    this.context = sharpContext(this.moving);
  }

  /** @param {number} now the moment that sounds, in seconds of the song */
  draw(now) {
    const { context, view } = this;
    if (!context || !view) return;
    const { from, until } = view.window(now);
    context.clearRect(0, 0, view.width, view.height);
    context.save();
    if (view.isWide) clip(context, LABELS_PX, 0, view.width, view.height);
    else clip(context, 0, 0, view.width, view.height - FOOT_PX);
    this.#drawBeats(context, from, until);
    this.#drawHitLine(context, view.along(now, from));
    this.#drawNotes(context, now, from, until);
    context.restore();
  }

  /** @param {CanvasRenderingContext2D} context */
  #drawStill(context) {
    const { view, colours } = this;
    if (!view || !colours) return;
    context.fillStyle = colours.background;
    context.fillRect(0, 0, view.width, view.height);
    if (view.isWide) {
      context.fillStyle = colours.surface;
      context.fillRect(0, 0, LABELS_PX, view.height);
      context.fillRect(0, 0, view.width, RULER_PX);
    }
    LANES.forEach((lane, index) => this.#drawLane(context, lane, index));
  }

  /** @param {CanvasRenderingContext2D} context @param {typeof LANES[number]} lane @param {number} index */
  #drawLane(context, lane, index) {
    const { view, colours } = this;
    if (!view || !colours) return;
    const middle = view.across(index);
    context.strokeStyle = colours.hairline;
    context.fillStyle = colours.muted;
    context.textBaseline = "middle";
    if (view.isWide) {
      line(context, LABELS_PX, middle, view.width, middle);
      drawShape(context, lookOf(lane.component), colours, 18, middle, view.notePx * 0.7);
      context.font = `500 13px ${FONT}`;
      context.textAlign = "left";
      context.fillStyle = colours.muted;
      context.fillText(lane.name, 36, middle);
    } else {
      line(context, middle, 0, middle, view.height - FOOT_PX);
      drawShape(context, lookOf(lane.component), colours, middle, view.height - 32, 7);
      context.font = `500 11px ${FONT}`;
      context.textAlign = "center";
      context.fillStyle = colours.muted;
      context.fillText(lane.short, middle, view.height - 11);
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {number} from @param {number} until */
  #drawBeats(context, from, until) {
    const { view, colours, chart } = this;
    if (!view || !colours) return;
    context.font = `500 12px ${FONT}`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (let index = firstFrom(chart.beatTimes, from); index < chart.beats.length; index++) {
      const { at, bar, beat } = chart.beats[index];
      if (at > until) break;
      const along = view.along(at, from);
      const startsBar = beat === 1;
      context.strokeStyle = colours.muted;
      context.globalAlpha = startsBar ? 0.55 : 0.16;
      if (view.isWide) line(context, along, RULER_PX, along, view.height);
      else line(context, 0, along, view.width, along);
      context.globalAlpha = 1;
      if (!startsBar) continue;
      const [x, y] = view.isWide ? [along + 5, RULER_PX / 2] : [5, along - 9];
      const words = view.isWide ? `Bar ${bar}` : String(bar);
      context.fillStyle = colours.muted;
      context.fillText(words, x, y);
      const section = sectionAt(chart, at);
      if (!section || section.at < at - SAME_MOMENT_S) continue;
      context.fillStyle = colours.accent;
      context.fillText(section.label, x + context.measureText(`${words}  `).width, y);
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {number} along */
  #drawHitLine(context, along) {
    const { view, colours } = this;
    if (!view || !colours) return;
    context.strokeStyle = context.fillStyle = colours.accent;
    context.lineWidth = 2.5;
    if (view.isWide) {
      line(context, along, 0, along, view.height);
      triangle(context, along, 0);
    } else {
      line(context, 0, along, view.width, along);
    }
    context.lineWidth = 1;
  }

  /** @param {CanvasRenderingContext2D} context @param {number} now @param {number} from @param {number} until */
  #drawNotes(context, now, from, until) {
    const { view, colours, chart } = this;
    if (!view || !colours) return;
    context.font = `700 13px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let index = firstFrom(chart.times, from - MARGIN_S); index < chart.notes.length; index++) {
      const note = chart.notes[index];
      if (note.at > until + MARGIN_S) break;
      const [x, y] = view.place(note.at, note.lane, from);
      const look = lookOf(note.component);
      const size = view.notePx * sizeOf(note.velocity);
      const since = now - note.at;
      const isShining = !view.isCalm && since >= 0 && since < SHINE_S;
      if (isShining) drawShine(context, colours[look.colour], x, y, view.notePx, since / SHINE_S);
      context.globalAlpha = since > SHINE_S ? 0.38 : 1;
      drawShape(context, look, colours, x, y, size);
      if (note.isUnsure) {
        context.fillStyle = colours.text;
        context.fillText("?", x + view.notePx + 4, y - view.notePx);
      }
      context.globalAlpha = 1;
    }
  }
}

/** @param {CanvasRenderingContext2D} context @param {import("./shapes.js").Look} look @param {import("./colours.js").Colours} colours @param {number} x @param {number} y @param {number} size */
function drawShape(context, look, colours, x, y, size) {
  const scale = size * look.size;
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  context.fillStyle = context.strokeStyle = colours[look.colour];
  // In units of the shape, so that a line is as thick for every size.
  context.lineWidth = 3 / Math.max(scale, 1);
  context.lineCap = "round";
  context.lineJoin = "round";
  if (look.isOutline) context.stroke(look.path);
  else context.fill(look.path);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {string} colour @param {number} x @param {number} y @param {number} size @param {number} age 0 to 1 */
function drawShine(context, colour, x, y, size, age) {
  context.globalAlpha = 0.4 * (1 - age);
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, size * (1.4 + 1.1 * age), 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function triangle(context, x, y) {
  context.beginPath();
  context.moveTo(x - 7, y);
  context.lineTo(x + 7, y);
  context.lineTo(x, y + 10);
  context.fill();
}
