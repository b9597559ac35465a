/**
 * The whole song with a playhead: its waveform, or its notes while there is none. Drawn once to a tile, copied at
 * every move.
 */
import { sharpContext } from "beatsight/map/canvas";
import { firstFrom } from "beatsight/map/chart";
import { readColours } from "beatsight/map/colours";

/** What a peak is stored as: -127 to 127. */
const FULL_SCALE = 127;

export class Peaks {
  /** @type {HTMLCanvasElement | undefined} */
  #tile;

  /** @param {HTMLCanvasElement} canvas @param {import("./chart.js").Chart} chart */
  constructor(canvas, chart) {
    this.canvas = canvas;
    this.chart = chart;
    /** @type {number[] | null} minimum and maximum in turn */
    this.peaks = null;
    this.fit();
  }

  /** @param {{song: number[]}} file the peaks as the server stores them */
  show(file) {
    this.peaks = file.song;
    this.fit();
  }

  /** Take size and theme as they are now. */
  fit() {
    this.context = sharpContext(this.canvas);
    this.colours = readColours();
    this.#tile = this.#drawTile();
  }

  /** @param {number} now seconds */
  draw(now) {
    const { context, canvas, colours } = this;
    if (!context || !colours || !this.#tile) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    const x = (now / this.chart.duration) * width;
    context.clearRect(0, 0, width, height);
    context.drawImage(this.#tile, 0, 0, width, height);
    context.globalAlpha = 0.16;
    context.fillStyle = colours.accent;
    context.fillRect(0, 0, x, height);
    context.globalAlpha = 1;
    context.fillRect(Math.min(width - 2, Math.max(0, x - 1)), 0, 2, height);
  }

  #drawTile() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const tile = document.createElement("canvas");
    tile.width = this.canvas.width;
    tile.height = this.canvas.height;
    const context = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
    context.scale(tile.width / Math.max(1, width), tile.height / Math.max(1, height));
    context.fillStyle = this.colours?.wave ?? "";
    const column = this.peaks ? waveColumn(this.peaks, width) : noteColumn(this.chart, width);
    const middle = height / 2;
    for (let x = 0; x < width; x++) {
      const [low, high] = column(x);
      context.fillRect(x, middle - high * middle, 1, Math.max(1, (high - low) * middle));
    }
    return tile;
  }
}

/** @param {number[]} peaks @param {number} width @returns {(x: number) => [number, number]} -1 to 1 */
function waveColumn(peaks, width) {
  return (x) => {
    const [low, high] = extremes(peaks, x / width, (x + 1) / width);
    return [low / FULL_SCALE, high / FULL_SCALE];
  };
}

/** @param {import("./chart.js").Chart} chart @param {number} width @returns {(x: number) => [number, number]} -1 to 1 */
function noteColumn({ notes, times, duration }, width) {
  return (x) => {
    const until = firstFrom(times, ((x + 1) / width) * duration);
    const first = firstFrom(times, (x / width) * duration);
    const loudest = Math.max(0, ...notes.slice(first, until).map((note) => note.velocity));
    return [-0.8 * loudest, 0.8 * loudest];
  };
}

/**
 * The lowest and highest sample between two places of the song.
 * @param {number[]} peaks minimum and maximum in turn
 * @param {number} from 0 to 1
 * @param {number} until 0 to 1
 */
export function extremes(peaks, from, until) {
  const count = peaks.length / 2;
  const first = Math.min(count - 1, Math.floor(from * count));
  const last = Math.max(first + 1, Math.floor(until * count));
  let [low, high] = [0, 0];
  for (let index = first; index < last && index < count; index++) {
    low = Math.min(low, peaks[2 * index]);
    high = Math.max(high, peaks[2 * index + 1]);
  }
  return [low, high];
}
