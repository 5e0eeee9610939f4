// Time in focus: it runs while the window is looked at, and stops two minutes after the last sign of life.
const IDLE_MILLIS = 120_000;

let lastSign = performance.now();
let running = null;

// Adds what has passed to `activeMillis` of what is being worked on.
export function countTime() {
  const now = performance.now();
  if (running && document.visibilityState === 'visible' && document.hasFocus()) {
    running.activeMillis += Math.min(now - lastSign, IDLE_MILLIS);
  }
  lastSign = now;
}

export function workOn(screen) {
  countTime();
  running = screen;
}

for (const sign of ['pointermove', 'keydown', 'scroll', 'focus', 'blur', 'visibilitychange']) {
  addEventListener(sign, countTime, { passive: true, capture: true });
}
