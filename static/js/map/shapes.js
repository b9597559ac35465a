/**
 * How each drum looks: shape and colour by lane, told apart within a lane by outline and size.
 *
 * Shapes are unit paths around 0, 0, about two units wide; whoever draws scales them by the note's velocity.
 */

/**
 * @typedef {object} Look
 * @property {Path2D} path
 * @property {boolean} isOutline drawn as a line, not filled
 * @property {number} size relative to other notes
 * @property {keyof import("./colours.js").Colours} colour
 */

export const LANES = Object.freeze([
  { name: "Kick", short: "Kick", component: "kick" },
  { name: "Hi-hat foot", short: "Foot", component: "hihat_pedal" },
  { name: "Snare", short: "Snare", component: "snare" },
  { name: "Hi-hat", short: "Hat", component: "hihat_closed" },
  { name: "High tom", short: "Hi T", component: "tom_high" },
  { name: "Mid, low tom", short: "Lo T", component: "tom_low" },
  { name: "Cymbals", short: "Cym", component: "crash" },
]);

/** The order of the rows on the screen, top to bottom: as a kit stands, cymbals up, feet down. */
export const ROWS = Object.freeze([6, 3, 4, 2, 5, 0, 1]);

const bar = path((p) => p.roundRect(-1.15, -0.72, 2.3, 1.44, 0.4));
const circle = path((p) => p.arc(0, 0, 0.95, 0, 2 * Math.PI));
const cross = path((p) => lines(p, [[-0.8, -0.8], [0.8, 0.8]], [[0.8, -0.8], [-0.8, 0.8]]));
const ringedCross = path((p) => {
  p.arc(0, 0, 1.05, 0, 2 * Math.PI);
  lines(p, [[-0.5, -0.5], [0.5, 0.5]], [[0.5, -0.5], [-0.5, 0.5]]);
});
const triangleUp = path((p) => polygon(p, [[0, -1.05], [1.05, 0.85], [-1.05, 0.85]]));
const triangleDown = path((p) => polygon(p, [[0, 1.05], [1.05, -0.85], [-1.05, -0.85]]));
const diamond = path((p) => polygon(p, [[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]]));
const star = path((p) => polygon(p, starPoints(5, 1.2, 0.52)));
const sparkle = path((p) => polygon(p, starPoints(4, 1.25, 0.45)));
const square = path((p) => p.rect(-0.8, -0.8, 1.6, 1.6));

/** @type {Record<string, Look>} */
const LOOKS = {
  kick: look(bar, "lane-kick"),
  snare: look(circle, "lane-snare"),
  hihat_closed: look(cross, "lane-hihat", { isOutline: true }),
  hihat_open: look(ringedCross, "lane-hihat", { isOutline: true }),
  hihat_pedal: look(cross, "lane-hihat", { isOutline: true, size: 0.72 }),
  tom_high: look(triangleUp, "lane-tom-high"),
  tom_mid: look(triangleDown, "lane-tom-low", { isOutline: true, size: 0.92 }),
  tom_low: look(triangleDown, "lane-tom-low"),
  crash: look(star, "lane-cymbal"),
  crash2: look(star, "lane-cymbal", { isOutline: true, size: 0.92 }),
  china: look(sparkle, "lane-cymbal", { isOutline: true }),
  splash: look(sparkle, "lane-cymbal", { size: 0.85 }),
  ride: look(diamond, "lane-ride"),
  ride_bell: look(diamond, "lane-ride", { isOutline: true, size: 0.9 }),
};
const OTHER = look(square, "lane-cymbal", { isOutline: true });

/** @param {string} component @returns {Look} */
export function lookOf(component) {
  return LOOKS[component] ?? OTHER;
}

/** A ghost note is half as large as an accent. @param {number} velocity 0 to 1 */
export function sizeOf(velocity) {
  return 0.55 + 0.55 * Math.min(1, Math.max(0, velocity));
}

/** @param {Path2D} shape @param {Look["colour"]} colour @param {{isOutline?: boolean, size?: number}} [more] @returns {Look} */
function look(shape, colour, { isOutline = false, size = 1 } = {}) {
  return { path: shape, colour, isOutline, size };
}

/** @param {(path: Path2D) => void} draw */
function path(draw) {
  const made = new Path2D();
  draw(made);
  return made;
}

/** @param {Path2D} into @param {number[][][]} strokes */
function lines(into, ...strokes) {
  for (const [[fromX, fromY], [toX, toY]] of strokes) {
    into.moveTo(fromX, fromY);
    into.lineTo(toX, toY);
  }
}

/** @param {Path2D} into @param {number[][]} points */
function polygon(into, points) {
  for (const [x, y] of points) into.lineTo(x, y);
  into.closePath();
}

/** @param {number} count @param {number} outer @param {number} inner */
function starPoints(count, outer, inner) {
  return Array.from({ length: 2 * count }, (_, index) => {
    const angle = (index * Math.PI) / count - Math.PI / 2;
    const radius = index % 2 ? inner : outer;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius];
  });
}
