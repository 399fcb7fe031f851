/** One thing that must hold before traffic should be sent here. */
export interface ReadyCheck {
  readonly name: string;
  readonly isOk: boolean;
  /** For an operator; free of secrets. */
  readonly detail: string;
}

/** Looks at one thing now; a rejection counts as not ready. */
export interface ReadyProbe {
  readonly name: string;
  readonly look: () => Promise<string>;
}

/** Longest that a probe may take, milliseconds. */
const probeMsMax = 2000;

/** Runs all probes side by side; a slow one is not waited for. */
export async function checkReadiness(
  probes: readonly ReadyProbe[],
  timeoutMs: number = probeMsMax,
): Promise<readonly ReadyCheck[]> {
  return Promise.all(
    probes.map(async ({ name, look }) => {
      const { promise: expired, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
      try {
        return { name, isOk: true, detail: await Promise.race([look(), expired]) };
      } catch (error) {
        return { name, isOk: false, detail: error instanceof Error ? error.message : String(error) };
      } finally {
        clearTimeout(timer);
      }
    }),
  );
}
