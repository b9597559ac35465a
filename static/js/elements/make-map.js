/** `<make-map>`: asks for a map of a song and goes to the job, also to one that somebody else has started. */
import { create } from "beatsight/api";
import { jobPage } from "beatsight/addresses";

class MakeMap extends HTMLElement {
  connectedCallback() {
    this.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask();
    });
  }

  async #ask() {
    const button = /** @type {HTMLButtonElement} */ (this.querySelector("button"));
    button.disabled = true;
    try {
      const job = await create(`/api/v1/songs/${this.dataset.songId}/generate`);
      location.assign(jobPage(job.id));
    } catch (error) {
      const { code, problem, message } = /** @type {import("../api.js").Refusal} */ (error);
      const running = problem?.job?.id ?? problem?.job;
      if (code === "job_active" && running) return location.assign(jobPage(running));
      button.disabled = false;
      this.#complain(message);
    }
  }

  /** @param {string} sentence */
  #complain(sentence) {
    const place = /** @type {HTMLElement} */ (this.querySelector("[data-refusal]"));
    place.hidden = false;
    place.textContent = sentence;
  }
}

customElements.define("make-map", MakeMap);
