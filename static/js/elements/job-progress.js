/** `<job-progress>`: a job as it goes, live: stages, place in the queue, time left, how it ended. */
import { create } from "beatsight/api";
import { mapPage } from "beatsight/addresses";
import { watch } from "beatsight/live";
import { percent, wait } from "beatsight/words";

const ENDED = ["complete", "failed", "cancelled"];
/** @type {Record<string, string>} an API stage's state, as a step's */
const STEP_STATES = { done: "done", complete: "done", active: "active", processing: "active", failed: "failed", skipped: "skipped" };

class JobProgress extends HTMLElement {
  #unwatch = () => {};
  #state = "";

  connectedCallback() {
    this.#state = this.dataset.state ?? "";
    this.querySelector("[data-cancel]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.#cancel();
    });
    if (!ENDED.includes(this.#state)) this.#unwatch = watch(`job:${this.dataset.jobId}`, (job) => this.#show(job));
  }

  disconnectedCallback() {
    this.#unwatch();
  }

  async #cancel() {
    const button = /** @type {HTMLButtonElement} */ (this.querySelector("[data-cancel]"));
    button.disabled = true;
    try {
      this.#show(await create(`/api/v1/jobs/${this.dataset.jobId}/cancel`));
      if (!ENDED.includes(this.#state)) this.#say("Cancelling …");
    } catch (error) {
      button.disabled = false;
      this.#say(/** @type {Error} */ (error).message);
    }
  }

  /** @param {any} job */
  #show(job) {
    if (ENDED.includes(this.#state)) return;
    const hasEnded = ENDED.includes(job.state);
    this.dataset.state = this.#state = job.state;
    this.#bar(job);
    for (const stage of job.stages ?? []) this.#stage(stage);
    this.#say(sentence(job));
    this.#text("[data-percent]", job.state === "processing" ? percent(job.progress) : "");
    this.#text("[data-attempt]", job.attempt > 1 && !hasEnded ? `Try ${job.attempt} of 3` : "");
    this.#note("[data-note]", job.note);
    for (const part of this.querySelectorAll("[data-when]")) {
      /** @type {HTMLElement} */ (part).hidden = !part.getAttribute("data-when")?.split(" ").includes(job.state);
    }
    this.#note("[data-error]", job.state === "failed" ? job.error?.detail : "");
    if (!hasEnded) return;
    this.#unwatch();
    const link = this.querySelector("a[data-map]");
    const map = job.map?.id ?? job.map;
    if (link && map) link.setAttribute("href", mapPage(map));
  }

  /** @param {any} job */
  #bar(job) {
    const bar = /** @type {HTMLProgressElement | null} */ (this.querySelector("progress"));
    if (!bar) return;
    bar.hidden = ENDED.includes(job.state);
    bar.value = job.progress ?? 0;
  }

  /** @param {{name: string, progress: number, state: string}} stage */
  #stage({ name, progress, state }) {
    const step = /** @type {HTMLElement | null} */ (this.querySelector(`[data-stage="${name}"]`));
    if (!step) return;
    const shown = STEP_STATES[state] ?? "waiting";
    if (step.dataset.state !== shown) {
      step.dataset.state = shown;
      step.toggleAttribute("aria-current", shown === "active");
    }
    const amount = /** @type {HTMLElement} */ (step.querySelector(".amount"));
    amount.textContent = shown === "skipped" ? "left out" : shown === "active" && progress > 0 ? percent(progress) : "";
  }

  /** Read out by screen readers, so changed only when the words change. @param {string} words */
  #say(words) {
    this.#text("[data-said]", words);
  }

  /** @param {string} selector @param {string | null | undefined} words */
  #text(selector, words) {
    const place = this.querySelector(selector);
    if (place && place.textContent !== (words ?? "")) place.textContent = words ?? "";
  }

  /** @param {string} selector @param {string | null | undefined} words */
  #note(selector, words) {
    this.#text(`${selector} [data-words]`, words);
    const place = /** @type {HTMLElement | null} */ (this.querySelector(selector));
    if (place) place.hidden = !words;
  }
}

/** How a job stands, in one sentence. @param {any} job */
function sentence(job) {
  const left = job.eta_ms ? `, ${wait(job.eta_ms)} left` : "";
  if (job.state === "queued") {
    const ahead = job.queue_position > 1 ? `${job.queue_position - 1} before it` : "next in line";
    return `Waiting in the queue, ${ahead}${job.eta_ms ? `; ${wait(job.eta_ms)} to go` : ""}`;
  }
  if (job.state === "processing") return `${label(job)}${left}`;
  return { complete: "The map is ready", failed: "This did not work", cancelled: "Cancelled" }[/** @type {"complete"} */ (job.state)] ?? "";
}

/** @param {any} job */
function label(job) {
  return job.stages?.find((/** @type {any} */ stage) => stage.name === job.stage)?.label ?? "Listening";
}

customElements.define("job-progress", JobProgress);
