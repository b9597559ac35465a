/**
 * Plays a song and its stems from one start, so that they can't drift apart, and says where it is.
 *
 * Tracks are decoded once into buffers; a seek or a resume starts all of them anew at one moment. Without tracks
 * it runs silently, for whoever may see a map but not hear its song. Events: `change` (plays, pauses, seeks), `end`.
 */
import { AudioClock } from "beatsight/audio/clock";

/** Time to get all tracks ready before they start together. */
const START_AFTER_S = 0.06;
/** Long enough that no fader clicks. */
const GLIDE_S = 0.015;

/** @typedef {"song" | "drums" | "rest"} Track */

export class Player extends EventTarget {
  /** @type {Map<Track, AudioBuffer>} */
  #buffers = new Map();
  /** @type {AudioBufferSourceNode[]} */
  #sources = [];
  /** @type {Map<Track, GainNode>} */
  #faders = new Map();
  #startedAt = 0;
  #from = 0;

  /** @param {number} duration seconds, until a track says better */
  constructor(duration) {
    super();
    this.context = new AudioContext({ latencyHint: "interactive" });
    this.clock = new AudioClock(this.context);
    this.output = this.context.createGain();
    this.output.connect(this.context.destination);
    this.duration = duration;
    this.isPlaying = false;
  }

  get hasStems() {
    return this.#buffers.has("drums") && this.#buffers.has("rest");
  }

  /**
   * Fetch and decode tracks and play these from now on, in place of those before.
   * @param {Partial<Record<Track, string>>} urls
   */
  async load(urls) {
    const loaded = Object.entries(urls).map(async ([track, url]) => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`The audio answered ${response.status}.`);
      return /** @type {[Track, AudioBuffer]} */ ([track, await this.context.decodeAudioData(await response.arrayBuffer())]);
    });
    this.#buffers = new Map(await Promise.all(loaded));
    this.duration = Math.max(...[...this.#buffers.values()].map((buffer) => buffer.duration));
    if (this.isPlaying) this.#startAt(this.position);
  }

  /** Where the song is, as it is heard, in seconds. */
  get position() {
    if (!this.isPlaying) return this.#from;
    const since = Math.max(0, this.clock.heard - this.#startedAt);
    return Math.min(this.duration, this.#from + since);
  }

  /** When a moment of the song sounds, on the clock by which sources are started. @param {number} at seconds */
  scheduledAt(at) {
    return this.#startedAt + at - this.#from;
  }

  async play() {
    await this.context.resume();
    if (this.isPlaying) return;
    this.isPlaying = true;
    this.#startAt(this.#from >= this.duration - 0.05 ? 0 : this.#from);
  }

  pause() {
    if (!this.isPlaying) return;
    this.#from = this.position;
    this.isPlaying = false;
    this.#stopSources();
    this.dispatchEvent(new Event("change"));
  }

  /** @param {number} at seconds */
  seek(at) {
    const within = Math.min(this.duration, Math.max(0, at));
    if (this.isPlaying) return this.#startAt(within);
    this.#from = within;
    this.dispatchEvent(new Event("change"));
  }

  /** To be called with each picture: notices that the song is over. */
  watchEnd() {
    if (!this.isPlaying || this.position < this.duration) return;
    this.pause();
    this.dispatchEvent(new Event("end"));
  }

  /** @param {number} volume 0 to 1 */
  setVolume(volume) {
    // The ear hears loudness by powers: the square makes half a fader sound like half.
    this.output.gain.setTargetAtTime(volume ** 2, this.clock.scheduled, GLIDE_S);
  }

  /** @param {number} balance -1: without drums, 0: as recorded, 1: only drums */
  setBalance(balance) {
    this.#setTrack("drums", Math.min(1, 1 + balance));
    this.#setTrack("rest", Math.min(1, 1 - balance));
  }

  close() {
    this.#stopSources();
    this.context.close();
  }

  /** @param {Track} track @param {number} gain 0 to 1 */
  #setTrack(track, gain) {
    this.#fader(track).gain.setTargetAtTime(gain, this.clock.scheduled, GLIDE_S);
  }

  /** @param {Track} track */
  #fader(track) {
    const known = this.#faders.get(track);
    if (known) return known;
    const fader = this.context.createGain();
    fader.connect(this.output);
    this.#faders.set(track, fader);
    return fader;
  }

  /** @param {number} from seconds of the song */
  #startAt(from) {
    this.#stopSources();
    this.#from = from;
    this.#startedAt = this.clock.scheduled + START_AFTER_S;
    for (const [track, buffer] of this.#buffers) {
      if (from >= buffer.duration) continue;
      const source = new AudioBufferSourceNode(this.context, { buffer });
      source.connect(this.#fader(track));
      source.start(this.#startedAt, from);
      this.#sources.push(source);
    }
    this.dispatchEvent(new Event("change"));
  }

  #stopSources() {
    for (const source of this.#sources.splice(0)) source.stop();
  }
}
