/** The colours that a canvas draws with: those of the page's theme, read again when it changes. */

const NAMES = /** @type {const} */ ([
  "background", "surface", "raised", "text", "muted", "accent", "hairline", "wave",
  "lane-kick", "lane-snare", "lane-hihat", "lane-tom-high", "lane-tom-low", "lane-cymbal", "lane-ride",
]);

/** @typedef {Record<typeof NAMES[number], string>} Colours */

/** @returns {Colours} */
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  return /** @type {Colours} */ (Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])));
}

/** @param {() => void} listener @param {AbortSignal} signal */
export function onThemeChange(listener, signal) {
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", listener, { signal });
}
