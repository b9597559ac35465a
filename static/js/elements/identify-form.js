/** `<identify-form>`: a candidate that is chosen fills the form's title and artist. */

class IdentifyForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const candidate = /** @type {HTMLElement} */ (event.target).closest("[data-candidate]");
      if (candidate) this.#choose(/** @type {HTMLElement} */ (candidate));
    });
  }

  /** @param {HTMLElement} candidate */
  #choose(candidate) {
    for (const each of this.querySelectorAll("[data-candidate]")) {
      each.setAttribute("aria-pressed", String(each === candidate));
    }
    this.#fill("title", candidate.dataset.title);
    this.#fill("artist", candidate.dataset.artist);
  }

  /** @param {string} name @param {string | undefined} value */
  #fill(name, value) {
    const field = /** @type {HTMLInputElement | null} */ (this.querySelector(`[name="${name}"]`));
    if (field) field.value = value ?? "";
  }
}

customElements.define("identify-form", IdentifyForm);
