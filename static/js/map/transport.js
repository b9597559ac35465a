/** The player's controls and keys: what they show, and what they do. */
import { firstFrom, sectionAt } from "beatsight/map/chart";
import { clock, clockTenths } from "beatsight/words";

/** Where keys mean text or another control, they are not ours. */
const OWN_KEYS = "input:not([type=range]), textarea, select, [contenteditable]";
const PRESSED_BY_SPACE = "button, a, summary, [role=button]";
/** A step back from just after a beat goes to the beat before it. */
const JUST_AFTER_S = 0.12;

export class Transport {
  /**
   * @param {HTMLElement} root
   * @param {import("../audio/player.js").Player} player
   * @param {import("./chart.js").Chart} chart
   * @param {Record<"hits" | "metronome", import("../audio/schedule.js").Schedule>} schedules
   * @param {AbortSignal} signal
   */
  constructor(root, player, chart, schedules, signal) {
    this.root = root;
    this.player = player;
    this.chart = chart;
    this.schedules = schedules;
    this.playButton = this.#find("[data-play]");
    this.position = /** @type {HTMLInputElement} */ (this.#find("[data-position]"));
    this.position.max = String(chart.duration);
    this.bars = Float64Array.from(chart.beats.filter(({ beat }) => beat === 1), ({ at }) => at);
    this.#listen(signal);
  }

  /** All is loaded that will be. @param {{drums: string, rest: string} | null} stems to be loaded when first asked for */
  ready(stems) {
    this.stems = stems;
    this.position.max = String(this.player.duration);
    this.playButton.disabled = false;
  }

  /** @param {number} now seconds */
  show(now) {
    if (!this.isDragged) this.position.value = String(now);
    setText(this.#find("[data-time]"), clockTenths(now));
    const beat = this.chart.beats[firstFrom(this.chart.beatTimes, now + 1e-3) - 1];
    const section = sectionAt(this.chart, now);
    const bar = beat ? `Bar ${beat.bar}.${beat.beat}` : "Lead-in";
    setText(this.#find("[data-bar]"), section ? `${bar}, ${section.label}` : bar);
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    this.playButton.addEventListener("click", () => this.#toggle(), { signal });
    this.player.addEventListener("change", () => this.#showState(), { signal });
    this.position.addEventListener("pointerdown", () => (this.isDragged = true), { signal });
    this.position.addEventListener("change", () => (this.isDragged = false), { signal });
    this.position.addEventListener("input", () => this.player.seek(Number(this.position.value)), { signal });
    for (const button of this.root.querySelectorAll("[data-toggle]")) {
      button.addEventListener("click", () => this.#turn(/** @type {HTMLElement} */ (button)), { signal });
    }
    const volume = /** @type {HTMLInputElement} */ (this.#find("[data-volume]"));
    volume.addEventListener("input", () => this.player.setVolume(Number(volume.value)), { signal });
    this.player.setVolume(Number(volume.value));
    const mix = /** @type {HTMLInputElement | null} */ (this.root.querySelector("[data-mix]"));
    mix?.addEventListener("input", () => this.#mix(Number(mix.value)), { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  #toggle() {
    if (this.playButton.disabled) return;
    if (this.player.isPlaying) this.player.pause();
    else this.player.play();
  }

  #showState() {
    const { isPlaying, duration } = this.player;
    this.playButton.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
    this.playButton.toggleAttribute("data-playing", isPlaying);
    this.position.setAttribute("aria-valuetext", `${clock(this.player.position)} of ${clock(duration)}`);
  }

  /** @param {HTMLElement} button */
  #turn(button) {
    const schedule = this.schedules[/** @type {"hits" | "metronome"} */ (button.dataset.toggle)];
    schedule.turn(!schedule.isOn);
    button.setAttribute("aria-pressed", String(schedule.isOn));
  }

  /** Stems are large: they are fetched when somebody first wants another balance. @param {number} balance -1 to 1 */
  async #mix(balance) {
    this.player.setBalance(balance);
    if (!this.stems) return;
    const stems = this.stems;
    this.stems = null;
    const status = this.#find("[data-status]");
    status.hidden = false;
    status.textContent = "Loading the separated drums …";
    try {
      await this.player.load(stems);
      status.hidden = true;
    } catch {
      status.textContent = "The separated drums can't be loaded. Reload the page to try again.";
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.altKey || event.metaKey || target.closest(OWN_KEYS)) return;
    const isHere = this.root.contains(target);
    if (!isHere && target !== document.body && target.id !== "main") return;
    const isFader = target.matches("input[type=range]") && target !== this.position;
    const done = this.#act(event, isHere, isFader, Boolean(target.closest(PRESSED_BY_SPACE)));
    if (done) event.preventDefault();
  }

  /** @param {KeyboardEvent} event @param {boolean} isHere @param {boolean} isFader @param {boolean} isButton */
  #act({ key, shiftKey }, isHere, isFader, isButton) {
    if (key === " ") return !isButton && (this.#toggle(), true);
    if (isHere && key.toLowerCase() === "m") return (this.#find('[data-toggle="metronome"]').click(), true);
    if (isHere && key.toLowerCase() === "h") return (this.#find('[data-toggle="hits"]').click(), true);
    if (isFader) return false;
    if (key === "ArrowLeft") return (this.#step(-1, shiftKey), true);
    if (key === "ArrowRight") return (this.#step(1, shiftKey), true);
    if (isHere && key === "PageUp") return (this.#step(-1, true), true);
    if (isHere && key === "PageDown") return (this.#step(1, true), true);
    if (isHere && key === "Home") return (this.player.seek(0), true);
    if (isHere && key === "End") return (this.player.seek(this.player.duration), true);
    return false;
  }

  /** @param {1 | -1} direction @param {boolean} byBar */
  #step(direction, byBar) {
    const marks = byBar ? this.bars : this.chart.beatTimes;
    const now = this.player.position;
    const index = direction > 0 ? firstFrom(marks, now + 0.01) : firstFrom(marks, now - (this.player.isPlaying ? JUST_AFTER_S : 0.01)) - 1;
    this.player.seek(index < 0 ? 0 : (marks[index] ?? this.player.duration));
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLButtonElement} */ (this.root.querySelector(selector));
  }
}

/** @param {HTMLElement} place @param {string} words */
function setText(place, words) {
  if (place.textContent !== words) place.textContent = words;
}
