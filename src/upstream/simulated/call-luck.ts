import { remember } from './remember.ts';
import { extendHash, hashOf, type SeededHash } from './seeded-hash.ts';

/** Prompts whose calls are counted; of a forgotten prompt the calls count from 0 again. */
const promptsMax = 20_000;

/**
 * The randomness of each call: a hash of (seed, input text, prompt text, n), n = how often this pair of input and
 * prompt has been called before.
 */
export function createCallLuck(
  seed: number,
  inputs: readonly { readonly text: string }[],
): (prompt: string, input: number) => SeededHash {
  const inputHashes = inputs.map(({ text }) => hashOf(seed, text));
  const countersOf = remember(
    () => ({
      calls: new Uint32Array(inputs.length),
      pairs: Array.from<SeededHash | undefined>({ length: inputs.length }),
    }),
    promptsMax,
  );
  return (prompt, input) => {
    const { calls, pairs } = countersOf(prompt);
    const inputHash = inputHashes[input];
    if (inputHash === undefined) throw new RangeError(`there is no input ${input}`);
    const pair = (pairs[input] ??= extendHash(inputHash, prompt));
    const call = calls[input] ?? 0;
    calls[input] = call + 1;
    return extendHash(pair, call);
  };
}
