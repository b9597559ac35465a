/** `<map-player>`: a map that plays. Puts the player, the picture and the controls together; each does its own part. */
import { Player } from "beatsight/audio/player";
import { Schedule } from "beatsight/audio/schedule";
import { readChart } from "beatsight/map/chart";
import { onThemeChange } from "beatsight/map/colours";
import { Highway } from "beatsight/map/highway";
import { Peaks } from "beatsight/map/peaks";
import { Transport } from "beatsight/map/transport";

const NO_MAP = "The map can't be loaded. Reload the page to try again.";
const NO_SOUND = "This browser can't play the song's audio. The map runs silently.";

class MapPlayer extends HTMLElement {
  #left = new AbortController();

  connectedCallback() {
    this.#left = new AbortController();
    this.#start().catch((error) => {
      console.error(error);
      this.#say(NO_MAP);
    });
  }

  disconnectedCallback() {
    this.#left.abort();
    this.player?.close();
  }

  async #start() {
    const chart = readChart(await readJson(this.dataset.chartUrl));
    if (this.#left.signal.aborted) return;
    const player = (this.player = new Player(chart.duration));
    const [still, moving, wave] = this.querySelectorAll("canvas");
    this.highway = new Highway(still, moving, chart);
    this.peaks = new Peaks(wave, chart);
    const hits = new Schedule(player, chart.notes.map(strikeOfNote));
    const metronome = new Schedule(player, chart.beats.map(strikeOfBeat));
    this.transport = new Transport(this, player, chart, { hits, metronome }, this.#left.signal);
    this.#followTheWindow();
    this.#drawAlways();
    this.#loadPeaks();
    await this.#loadSong(player);
  }

  /** @param {Player} player */
  async #loadSong(player) {
    const { songUrl, drumsUrl, restUrl } = this.dataset;
    if (songUrl) {
      this.#say("Loading the song …");
      await player.load({ song: songUrl }).then(() => this.#say(""), () => this.#say(NO_SOUND));
    } else {
      this.#say("");
    }
    this.transport?.ready(drumsUrl && restUrl ? { drums: drumsUrl, rest: restUrl } : null);
  }

  #loadPeaks() {
    if (!this.dataset.peaksUrl) return;
    // The waveform is a help; without it the position can still be set.
    readJson(this.dataset.peaksUrl).then((file) => this.peaks?.show(file), () => {});
  }

  #followTheWindow() {
    const fit = () => {
      this.highway?.fit();
      this.peaks?.fit();
    };
    const sizes = new ResizeObserver(fit);
    sizes.observe(this);
    this.#left.signal.addEventListener("abort", () => sizes.disconnect());
    onThemeChange(fit, this.#left.signal);
    document.fonts.ready.then(fit);
  }

  #drawAlways() {
    const draw = () => {
      if (this.#left.signal.aborted || !this.player) return;
      const now = this.player.position;
      this.player.watchEnd();
      this.highway?.draw(now);
      this.peaks?.draw(now);
      this.transport?.show(now);
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  }

  /** @param {string} sentence */
  #say(sentence) {
    const place = /** @type {HTMLElement} */ (this.querySelector("[data-status]"));
    place.hidden = !sentence;
    place.textContent = sentence;
  }
}

/** @param {import("../map/chart.js").Note} note */
function strikeOfNote({ at, component, velocity }) {
  return { at, sound: component, gain: 0.15 + 0.6 * velocity };
}

/** @param {import("../map/grid.js").Beat} beat */
function strikeOfBeat({ at, beat }) {
  return { at, sound: beat === 1 ? "click_high" : "click", gain: beat === 1 ? 0.7 : 0.5 };
}

/** @param {string | undefined} url */
async function readJson(url) {
  const response = await fetch(url ?? "");
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

customElements.define("map-player", MapPlayer);
