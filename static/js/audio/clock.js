/**
 * The only clock: the time of the audio hardware. Nothing outside this folder may read another one.
 *
 * Sound is scheduled by `scheduled`; pictures are drawn by `heard`, which lies behind it by the output's latency.
 */

/** More than this apart, the browser's report of what is heard is not to be believed. */
const BELIEVED_S = 0.5;

export class AudioClock {
  /** @param {AudioContext} context */
  constructor(context) {
    this.context = context;
  }

  /** The time by which sources are started, in seconds. */
  get scheduled() {
    return this.context.currentTime;
  }

  /** The time of what leaves the speaker now, in seconds. */
  get heard() {
    const { context } = this;
    const behind = context.currentTime - (context.outputLatency || context.baseLatency || 0);
    if (context.state !== "running") return behind;
    // Finer than currentTime, which moves in blocks of a hundredth of a second and would make the picture tremble.
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp?.() ?? {};
    const reported = contextTime + (performance.now() - performanceTime) / 1000;
    return performanceTime > 0 && Math.abs(reported - behind) < BELIEVED_S ? reported : behind;
  }
}
