import { chooseCombinations, combinationsOf } from '../combinations.ts';
import { demonstrationSets } from '../demonstration-sets.ts';
import type { Optimizer } from '../optimizer.ts';
import { selectAtRandom } from '../trace-selection.ts';

/** Sets of demonstrations that one turn makes (`auto: light`), and demonstrations of one set, as published. */
const setsMax = 6;
const demonstrationsMax = 4;

/** Recorded requests shown for a picture of the data, and newest earlier changes. */
const examplesMax = 3;
const historyMax = 10;

/**
 * Instructions and demonstrations, chosen together: Opsahl-Ong et al., "Optimizing Instructions and Demonstrations for
 * Multi-Stage Language Model Programs" (MIPROv2, 2024). Demonstrations are bootstrapped from requests that the prompt
 * answers well, instructions are proposed from a picture of the data, and a tree-structured Parzen estimator over both
 * choices says which combination to try (`stats/tree-parzen.ts`).
 *
 * As published: up to 4 demonstrations in a set, 6 sets, the empty choice among both; instructions from data, prompt and
 * a tip drawn at random; the estimator is multivariate, random for the first 10 trials. Changed on purpose:
 * - a trial is a campaign: what it scored is what the gate released of it, on fresh requests, not the mean of minibatches
 *   of 35; there is no full evaluation every 5 trials, and the best mean does not win by itself;
 * - instructions are edits on the incumbent, one idea each, as many as there is room for, not whole texts; those of
 *   earlier turns stay choices unless a verdict went against them, whichever optimizer wrote them;
 * - a demonstration quotes the right answer and needs one from a trusted source; first come requests that were answered
 *   well ("bootstrapped"), then any other ("labelled"); a set is as large as one step may be.
 * One call a turn.
 */
export const mipro: Optimizer = {
  name: 'mipro',
  batchSize: examplesMax,
  propose: async (context) => {
    const { traces, tried, random, ask, batchSize = examplesMax } = context;
    const tip = tips[Math.floor(random.next() * tips.length)] ?? '';
    const suggestions = await ask({
      instruction: `${instruction} ${tip}`,
      examples: selectAtRandom(traces, batchSize, random),
      history: tried.slice(-historyMax),
    });
    const { scoresByExample, incumbent, growthCharactersMax, count } = context;
    const pool = new Set([...scoresByExample.flatMap((kind) => kind.traces), ...traces]);
    const sets = demonstrationSets([...pool], { setsMax, demonstrationsMax, growthCharactersMax }, random);
    const combinations = combinationsOf(tried, incumbent, {
      instructions: suggestions.map(({ edits }) => edits),
      demonstrations: sets.map(({ edits }) => edits),
    });
    const candidates = chooseCombinations(combinations, { count, growthCharactersMax }, random);
    const quoted = new Set(candidates.flat());
    return {
      candidates: candidates.map((edits) => [...incumbent.edits, ...edits]),
      shown: sets.flatMap(({ edits, quotes }) => (edits.some((edit) => quoted.has(edit)) ? quotes : [])),
    };
  },
};

const instruction =
  'Propose instructions for the task that the examples show. First form a picture of the task: what comes in, what has ' +
  'to come out, what varies, and what is hard about it. Each proposal adds or rewrites one instruction and adds no ' +
  'worked examples: they are chosen separately.';

/** One of them goes with each question, as published. */
const tips: readonly string[] = [
  '',
  'Do not be afraid to be creative.',
  'Keep the instruction clear and concise.',
  'Make sure the instruction is very informative and descriptive.',
  'The instruction should say what is at stake in the task.',
  'The instruction should give the assistant a fitting role.',
];
