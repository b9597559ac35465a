/** Sounds at moments of a song, handed to the audio hardware shortly before they are due: never late, never early. */
import { recipeOf, synthesise } from "beatsight/audio/sounds";
import { firstFrom } from "beatsight/map/chart";

const TICK_MS = 40;
const AHEAD_S = 0.2;
/** A hidden page's timers run once a second. */
const AHEAD_WHEN_HIDDEN_S = 2;

/** @typedef {{at: number, sound: string, gain: number}} Strike `at` in seconds of the song */

export class Schedule {
  /** @type {AudioBufferSourceNode[]} those that have not ended */
  #pending = [];
  /** @type {Map<string, AudioBuffer>} */
  #sounds = new Map();
  #next = 0;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {import("./player.js").Player} player
   * @param {Strike[]} strikes by time
   */
  constructor(player, strikes) {
    this.player = player;
    this.strikes = strikes;
    this.times = Float64Array.from(strikes, (strike) => strike.at);
    this.isOn = false;
    player.addEventListener("change", () => this.#restart());
  }

  /** @param {boolean} isOn */
  turn(isOn) {
    this.isOn = isOn;
    this.#restart();
  }

  #restart() {
    clearInterval(this.#timer);
    for (const source of this.#pending.splice(0)) source.stop();
    if (!this.isOn || !this.player.isPlaying) return;
    // What is heard lies behind what is scheduled: between the two it is too late for a strike.
    const { player } = this;
    const now = player.clock.scheduled - player.scheduledAt(0);
    this.#next = firstFrom(this.times, Math.max(player.position, now));
    this.#timer = setInterval(() => this.#handOver(), TICK_MS);
    this.#handOver();
  }

  #handOver() {
    const { player, strikes } = this;
    const until = player.clock.scheduled + (document.hidden ? AHEAD_WHEN_HIDDEN_S : AHEAD_S);
    while (this.#next < strikes.length && player.scheduledAt(strikes[this.#next].at) < until) {
      this.#strike(strikes[this.#next++]);
    }
  }

  /** @param {Strike} strike */
  #strike({ at, sound, gain }) {
    const { context, output } = this.player;
    const source = new AudioBufferSourceNode(context, { buffer: this.#sound(sound) });
    source.connect(new GainNode(context, { gain })).connect(output);
    source.addEventListener("ended", () => this.#pending.splice(this.#pending.indexOf(source) >>> 0, 1));
    source.start(this.player.scheduledAt(at));
    this.#pending.push(source);
  }

  /** @param {string} name */
  #sound(name) {
    const known = this.#sounds.get(name);
    if (known) return known;
    const { context } = this.player;
    const samples = synthesise(recipeOf(name), context.sampleRate);
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: context.sampleRate });
    buffer.copyToChannel(samples, 0);
    this.#sounds.set(name, buffer);
    return buffer;
  }
}
