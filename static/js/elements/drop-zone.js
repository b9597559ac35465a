/** `<drop-zone>`: takes a song by drop anywhere on the page, by its button or by paste, and sends it. */
import { uploadPage } from "beatsight/addresses";
import { refusal } from "beatsight/song-file";
import { sendSong } from "beatsight/upload";

class DropZone extends HTMLElement {
  /** Ends what was begun: listeners on the whole page, a sending under way. */
  #left = new AbortController();
  #isBusy = false;

  connectedCallback() {
    this.#left = new AbortController();
    const { signal } = this.#left;
    this.#input.addEventListener("change", () => this.#take(this.#input.files), { signal });
    for (const name of ["dragenter", "dragover"]) {
      document.addEventListener(name, (event) => this.#hover(/** @type {DragEvent} */ (event)), { signal });
    }
    document.addEventListener("dragleave", (event) => !event.relatedTarget && this.#lift(), { signal });
    document.addEventListener("drop", (event) => this.#drop(event), { signal });
    document.addEventListener("paste", (event) => this.#take(event.clipboardData?.files), { signal });
    addEventListener("beforeunload", (event) => this.#isBusy && event.preventDefault(), { signal });
  }

  disconnectedCallback() {
    this.#left.abort();
  }

  get #input() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[type=file]"));
  }

  /** @param {DragEvent} event */
  #hover(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = this.#isBusy ? "none" : "copy";
    if (!this.#isBusy) this.toggleAttribute("data-over", true);
  }

  #lift() {
    this.removeAttribute("data-over");
  }

  /** @param {DragEvent} event */
  #drop(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#lift();
    this.#take(event.dataTransfer.files);
  }

  /** @param {FileList | null | undefined} files */
  #take(files) {
    if (!files?.length || this.#isBusy) return;
    const reason = files.length > 1 ? "One song at a time, please." : refusal(files[0], Number(this.dataset.maximumBytes));
    this.#complain(reason ?? "");
    if (!reason) this.#send(files[0]);
    this.#input.value = "";
  }

  /** @param {string} sentence empty: nothing to complain of */
  #complain(sentence) {
    const place = /** @type {HTMLElement} */ (this.querySelector("[data-refusal]"));
    place.hidden = !sentence;
    place.textContent = sentence;
  }

  /** @param {File} file */
  async #send(file) {
    const steps = this.#showSteps(file);
    const cancelled = new AbortController();
    steps.querySelector("[data-cancel]")?.addEventListener("click", () => cancelled.abort());
    steps.querySelector("[data-again]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.#startOver(steps);
    });
    this.#isBusy = true;
    try {
      const upload = await sendSong(file, {
        started: (id) => history.replaceState(null, "", uploadPage(id)),
        progressed: (sent, total) => steps.showSending(sent, total),
        signal: AbortSignal.any([cancelled.signal, this.#left.signal]),
      });
      steps.follow(upload.id);
    } catch (error) {
      if (cancelled.signal.aborted) this.#startOver(steps);
      else steps.fail(/** @type {Error} */ (error).message);
    } finally {
      this.#isBusy = false;
    }
  }

  /** @param {File} file */
  #showSteps(file) {
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector("template[data-steps]"));
    this.append(document.importNode(template.content, true));
    const steps = /** @type {import("./upload-steps.js").UploadSteps} */ (this.querySelector("upload-steps"));
    /** @type {HTMLElement} */ (steps.querySelector("[data-filename]")).textContent = file.name;
    steps.showSending(0, file.size);
    this.#area.hidden = true;
    /** @type {HTMLElement} */ (steps.querySelector("[data-filename]")).focus();
    return steps;
  }

  /** @param {HTMLElement} steps */
  #startOver(steps) {
    steps.remove();
    this.#area.hidden = false;
    this.#input.focus();
    history.replaceState(null, "", "/");
  }

  get #area() {
    return /** @type {HTMLElement} */ (this.querySelector(".drop-area"));
  }
}

customElements.define("drop-zone", DropZone);
