/** Pause between two signs of life of a thread, milliseconds. */
export const heartbeatMs = 1000;

/** Gives a sign of life now and every second, for as long as the thread's event loop turns. */
export function startHeartbeat(beat: () => void): void {
  beat();
  setInterval(beat, heartbeatMs).unref();
}
