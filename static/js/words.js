/** Figures in words: positions, sizes, waits, shares. */

/** `61.04` → `1:01`. @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** `61.04` → `1:01.0`. @param {number} seconds */
export function clockTenths(seconds) {
  const tenths = Math.max(0, Math.floor(seconds * 10));
  return `${clock(tenths / 10)}.${tenths % 10}`;
}

/** `3565158` → `3.4 MB`, counted as the upload's limit is. @param {number} bytes */
export function size(bytes) {
  const mega = bytes / 2 ** 20;
  if (mega >= 10) return `${Math.round(mega)} MB`;
  return mega >= 0.1 ? `${mega.toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

/** `95000` → `about 2 minutes`. @param {number} milliseconds */
export function wait(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return "a few seconds";
  if (seconds < 55) return `about ${Math.round(seconds / 10) * 10} seconds`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return minutes === 1 ? "about a minute" : `about ${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours === 1 ? "about an hour" : `about ${hours} hours`;
}

/** `0.834` → `83 %`. @param {number} share 0 to 1 */
export function percent(share) {
  return `${Math.round(Math.min(1, Math.max(0, share)) * 100)} %`;
}
