/** Time and chance, as the client meets them. */
export interface Platform {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Calls `action` once after so many milliseconds, unless the function that it gives is called before. */
  readonly schedule: (action: () => void, delayMs: number) => () => void;
}

/** Those of the process or page. A timer keeps a process alive, so that nothing that waits is lost at its end. */
export const systemPlatform: Platform = {
  now: () => Date.now(),
  random: () => Math.random(),
  schedule: (action, delayMs) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
