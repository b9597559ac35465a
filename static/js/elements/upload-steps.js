/** `<upload-steps>`: where a song is on its way in; follows the upload live once its bytes are sent. */
import { read } from "beatsight/api";
import { resourceOf, uploadPage } from "beatsight/addresses";
import { watch } from "beatsight/live";
import { percent, size } from "beatsight/words";

const ORDER = ["upload", "scan", "recognise", "found"];
/** @type {Record<string, string>} which step an upload's state means */
const STEP_OF_STATE = { requested: "upload", uploaded: "scan", scanning: "scan", fingerprinting: "recognise", identified: "found" };

export class UploadSteps extends HTMLElement {
  #unwatch = () => {};
  #step = "upload";

  connectedCallback() {
    const { uploadId, state } = this.dataset;
    if (state) this.#step = STEP_OF_STATE[state] ?? "found";
    if (uploadId && state && !["requested", "identified", "rejected"].includes(state)) this.follow(uploadId);
  }

  disconnectedCallback() {
    this.#unwatch();
  }

  /** Bytes on their way. @param {number} sent @param {number} total */
  showSending(sent, total) {
    const bar = /** @type {HTMLProgressElement} */ (this.querySelector("progress"));
    bar.hidden = false;
    bar.max = total;
    bar.value = sent;
    this.#amount("upload").textContent = `${percent(sent / total)} of ${size(total)}`;
  }

  /** Watch the upload `id` until it is recognised or refused. @param {string} id */
  follow(id) {
    const show = (/** @type {any} */ upload) => this.#show(upload);
    this.#unwatch = watch(`upload:${id}`, show);
    // What happened between the last answer and the subscription.
    read(resourceOf(`upload:${id}`)).then(show, () => {});
  }

  /** The way ends here. @param {string} sentence what happened and what to do */
  fail(sentence) {
    this.#unwatch();
    this.#mark(this.#step, "failed");
    this.#find("progress").hidden = true;
    this.#find("[data-cancel]").hidden = true;
    this.#find("[data-again]").hidden = false;
    const reason = this.#find("[data-reason]");
    reason.hidden = false;
    reason.textContent = sentence;
  }

  /** @param {any} upload */
  #show(upload) {
    if (upload.state === "rejected") return this.fail(upload.reason?.detail ?? "The song was refused.");
    this.#mark(STEP_OF_STATE[upload.state] ?? this.#step, "active");
    if (upload.state !== "identified") return;
    this.#unwatch();
    this.#mark("found", "done");
    this.#find("progress").hidden = true;
    openInPlace(uploadPage(upload.id));
  }

  /** @param {string} active @param {string} state */
  #mark(active, state) {
    if (ORDER.indexOf(active) < ORDER.indexOf(this.#step)) return;
    this.#step = active;
    const now = ORDER.indexOf(active);
    ORDER.forEach((name, at) => {
      const step = this.#find(`[data-step="${name}"]`);
      step.dataset.state = at < now ? "done" : at === now ? state : "waiting";
      if (at === now) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    });
    if (now > 0) {
      this.#amount("upload").textContent = "";
      this.#find("[data-cancel]").hidden = true;
      this.#find("progress").removeAttribute("value");
    }
    this.#find("[data-said]").textContent = this.#find(`[data-step="${active}"] .name`).textContent;
  }

  /** @param {string} step */
  #amount(step) {
    return this.#find(`[data-step="${step}"] .amount`);
  }

  /** @param {string} selector @returns {HTMLElement} */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }
}

/** Put a page's content where this one's is, without a flash; by an ordinary visit if that fails. @param {string} url */
async function openInPlace(url) {
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = document.importNode(/** @type {HTMLElement} */ (page.querySelector("main")), true);
    document.querySelector("main")?.replaceWith(main);
    document.title = page.title;
    history.replaceState(null, "", response.url);
    const heading = main.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
  } catch {
    location.assign(url);
  }
}

customElements.define("upload-steps", UploadSteps);
