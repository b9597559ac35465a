/**
 * Short synthesised drum sounds, computed once into buffers: for hearing a map without its song, or over it.
 *
 * Each is a decaying tone, decaying noise, or both; the tone may fall, the noise may lose its low part.
 */

/**
 * @typedef {object} Recipe
 * @property {number} length seconds
 * @property {number} [tone] Hz at the start
 * @property {number} [fall] Hz at the end
 * @property {number} [ring] seconds in which the tone fades to a third
 * @property {number} [noise] 0 to 1
 * @property {number} [hiss] seconds in which the noise fades to a third
 * @property {boolean} [isBright] only the noise's high part
 */

/** @type {Record<string, Recipe>} */
const RECIPES = {
  kick: { length: 0.24, tone: 130, fall: 46, ring: 0.07, noise: 0.12, hiss: 0.004 },
  snare: { length: 0.2, tone: 196, fall: 170, ring: 0.04, noise: 0.75, hiss: 0.05 },
  hihat_closed: { length: 0.07, noise: 0.6, hiss: 0.014, isBright: true },
  hihat_open: { length: 0.34, noise: 0.5, hiss: 0.11, isBright: true },
  hihat_pedal: { length: 0.05, noise: 0.4, hiss: 0.009, isBright: true },
  tom_high: { length: 0.3, tone: 210, fall: 165, ring: 0.09, noise: 0.08, hiss: 0.01 },
  tom_mid: { length: 0.32, tone: 150, fall: 116, ring: 0.1, noise: 0.08, hiss: 0.01 },
  tom_low: { length: 0.36, tone: 108, fall: 80, ring: 0.12, noise: 0.08, hiss: 0.01 },
  ride: { length: 0.4, tone: 3100, fall: 3100, ring: 0.05, noise: 0.3, hiss: 0.12, isBright: true },
  ride_bell: { length: 0.4, tone: 2300, fall: 2300, ring: 0.12, noise: 0.12, hiss: 0.08, isBright: true },
  cowbell: { length: 0.2, tone: 820, fall: 800, ring: 0.06 },
  crash: { length: 0.8, noise: 0.62, hiss: 0.26, isBright: true },
  click: { length: 0.04, tone: 1250, fall: 1250, ring: 0.009 },
  click_high: { length: 0.04, tone: 1900, fall: 1900, ring: 0.009 },
};

/** @param {string} component a drum of a map, `click`, or `click_high` */
export function recipeOf(component) {
  return RECIPES[component] ?? RECIPES.crash;
}

/**
 * A sound's samples, -1 to 1; the same at every call.
 * @param {Recipe} recipe
 * @param {number} sampleRate Hz
 */
export function synthesise(recipe, sampleRate) {
  const { length, tone = 0, fall = tone, ring = 1, noise = 0, hiss = 1, isBright = false } = recipe;
  const samples = new Float32Array(Math.ceil(length * sampleRate));
  let [phase, before, seed] = [0, 0, 22_222];
  for (let index = 0; index < samples.length; index++) {
    const at = index / sampleRate;
    const share = at / length;
    phase += (2 * Math.PI * (fall + (tone - fall) * Math.exp(-8 * share))) / sampleRate;
    seed = (seed * 16_807) % 2_147_483_647; // Park and Miller's generator
    const white = (seed / 2_147_483_647) * 2 - 1;
    const hissing = isBright ? (white - before) * 0.7 : white;
    before = white;
    const fadeOut = Math.min(1, (1 - share) * 8);
    const sound = (tone ? Math.sin(phase) * Math.exp(-at / ring) : 0) * 0.8 + noise * hissing * Math.exp(-at / hiss);
    samples[index] = Math.max(-1, Math.min(1, sound * fadeOut));
  }
  return samples;
}
