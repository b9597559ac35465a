/**
 * A file's way to the server: ask for a ticket, send the bytes where it says, tell that they are there.
 *
 * The bytes go by XMLHttpRequest, for only that reports the progress of sending.
 */
import { create, newKey, Refusal } from "beatsight/api";
import { contentType } from "beatsight/song-file";

/**
 * @typedef {object} Ticket
 * @property {string} id
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} headers
 */

// Hashing reads the whole file into memory.
const HASHED_UP_TO_BYTES = 200 * 1024 * 1024;

/**
 * @param {File} file
 * @param {{
 *   started: (id: string) => void,
 *   progressed: (sentBytes: number, totalBytes: number) => void,
 *   signal: AbortSignal,
 * }} watcher
 * @returns {Promise<any>} the upload, its bytes arrived
 */
export async function sendSong(file, { started, progressed, signal }) {
  const type = contentType(file);
  const announced = { filename: file.name, size: file.size, content_type: type, sha256: await sha256(file) };
  signal.throwIfAborted();
  const ticket = await create("/api/v1/uploads", announced, { signal });
  started(ticket.id);
  await sendBytes(file, ticket, progressed, signal);
  const key = newKey();
  const complete = () => create(`/api/v1/uploads/${ticket.id}/complete`, {}, { signal, key });
  return complete().catch((error) => {
    if (error.code !== "unreachable") throw error;
    return complete();
  });
}

/** The file's SHA-256 in hex; empty where the browser has no crypto (plain http) or the file is too large for it. @param {File} file */
async function sha256(file) {
  if (!crypto.subtle || file.size > HASHED_UP_TO_BYTES) return "";
  try {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    throw new Refusal({ code: "unreadable", detail: "Your browser could not read the file. Was it moved or renamed?" });
  }
}

/**
 * @param {File} file
 * @param {Ticket} ticket
 * @param {(sentBytes: number, totalBytes: number) => void} progressed
 * @param {AbortSignal} signal
 */
function sendBytes(file, ticket, progressed, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(ticket.method, ticket.url);
    for (const [name, value] of Object.entries(ticket.headers ?? {})) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => progressed(event.loaded, event.total || file.size));
    request.addEventListener("load", () => (request.status < 300 ? resolve(undefined) : reject(refusalOf(request))));
    request.addEventListener("error", () =>
      reject(new Refusal({ code: "interrupted", detail: "The connection broke while sending. Try again." })),
    );
    request.addEventListener("abort", () => reject(new DOMException("Cancelled", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** @param {XMLHttpRequest} request */
function refusalOf(request) {
  try {
    return new Refusal({ status: request.status, ...JSON.parse(request.responseText) });
  } catch {
    return new Refusal({ status: request.status, code: "storage_refused", detail: "The storage refused the file. Try again." });
  }
}
