/**
 * What changes by itself: one socket for the page, a subscription for each topic.
 *
 * A lost socket is opened again with growing pauses; each topic is then subscribed again, and the snapshot that
 * answers is how the page catches up. Until then the topics' resources are polled, so that nothing depends on it.
 */
import { read } from "beatsight/api";
import { liveSocket, resourceOf } from "beatsight/addresses";

/** @typedef {(data: any) => void} Listener */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const POLL_MS = 3_000;
const PING_MS = 20_000;
// A loss shorter than this is mended before anybody could read about it.
const SAY_AFTER_MS = 2_500;

/** @type {Map<string, Set<Listener>>} */
const listeners = new Map();
/** @type {WebSocket | undefined} */
let socket;
let losses = 0;
let hasAnswered = true;
/** @type {number | undefined} */
let reopening;
/** @type {number | undefined} */
let polling;
/** @type {number | undefined} */
let saying;

/**
 * Call `listener` with the topic's present state and then with each change.
 * @param {string} topic `job:{id}` or `upload:{id}`
 * @param {Listener} listener
 * @returns {() => void} ends it
 */
export function watch(topic, listener) {
  const others = listeners.get(topic) ?? new Set();
  listeners.set(topic, others.add(listener));
  if (isOpen()) send({ type: "subscribe", topic });
  else open();
  return () => {
    others.delete(listener);
    if (others.size) return;
    listeners.delete(topic);
    if (isOpen()) send({ type: "unsubscribe", topic });
    if (!listeners.size) rest();
  };
}

/** The socket is there, or nobody needs it any more: no polling, and no word about it. */
function rest() {
  clearInterval(polling);
  polling = undefined;
  say("");
}

function isOpen() {
  return socket?.readyState === WebSocket.OPEN;
}

/** @param {object} message */
function send(message) {
  socket?.send(JSON.stringify(message));
}

function open() {
  clearTimeout(reopening);
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  socket = new WebSocket(liveSocket());
  socket.addEventListener("open", opened);
  socket.addEventListener("message", ({ data }) => received(JSON.parse(data)));
  socket.addEventListener("close", lost);
}

function opened() {
  losses = 0;
  hasAnswered = true;
  rest();
  for (const topic of listeners.keys()) send({ type: "subscribe", topic });
}

/** @param {{type: string, topic: string, data: any}} message */
function received({ type, topic, data }) {
  hasAnswered = true;
  if (type === "snapshot" || type === "update") tell(topic, data);
  if (type === "refused") listeners.delete(topic);
}

/** @param {string} topic @param {any} data */
function tell(topic, data) {
  for (const listener of [...(listeners.get(topic) ?? [])]) listener(data);
}

function lost() {
  socket = undefined;
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** losses++);
  reopening = setTimeout(() => listeners.size && open(), pause * (0.75 + Math.random() / 2));
  if (!listeners.size) return;
  polling ??= setInterval(poll, POLL_MS);
  saying ??= setTimeout(() => say("Live updates are interrupted. Checking every few seconds instead."), SAY_AFTER_MS);
}

function poll() {
  for (const topic of listeners.keys()) {
    read(resourceOf(topic)).then((data) => tell(topic, data), () => {});
  }
}

/** @param {string} sentence empty: all is well */
function say(sentence) {
  clearTimeout(saying);
  saying = undefined;
  const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-connection]"));
  if (!place) return;
  place.hidden = !sentence;
  place.textContent = sentence;
}

// A socket can die without a word: a ping that nothing answered by the next one closes it.
setInterval(() => {
  if (!isOpen()) return;
  if (!hasAnswered) return socket?.close();
  hasAnswered = false;
  send({ type: "ping" });
}, PING_MS);

addEventListener("online", () => listeners.size && open());
document.addEventListener("visibilitychange", () => !document.hidden && listeners.size && open());
