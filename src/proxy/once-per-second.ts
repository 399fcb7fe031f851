import type { Clock } from '../domain/clock.ts';

/** Runs at most one of the actions of each second, so that a fault that hits every request does not flood the log. */
export function oncePerSecond(clock: Clock): (action: () => void) => void {
  let lastSecond = Number.NEGATIVE_INFINITY;
  return (action) => {
    const second = Math.floor(clock.now() / 1000);
    if (second === lastSecond) return;
    lastSecond = second;
    action();
  };
}
