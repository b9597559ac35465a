/** What every drawing on a canvas needs. */

/** A context whose unit is a CSS pixel, sharp on any screen. @param {HTMLCanvasElement} canvas */
export function sharpContext(canvas) {
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  return context;
}

/** @param {CanvasRenderingContext2D} context @param {number} fromX @param {number} fromY @param {number} toX @param {number} toY */
export function line(context, fromX, fromY, toX, toY) {
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {number} left @param {number} top @param {number} right @param {number} bottom */
export function clip(context, left, top, right, bottom) {
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
}
