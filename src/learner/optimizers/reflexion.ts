import type { Edit } from '../../domain/edit.ts';
import type { Trace } from '../../domain/trace.ts';
import type { Optimizer, OptimizerContext } from '../optimizer.ts';
import { selectFailures } from '../trace-selection.ts';

/** Lessons that are kept in mind, as published. */
const lessonsMax = 3;

/** Requests of one episode that are shown, the last ones. */
const requestsMax = 8;

/** What an intent begins with where the edit is a lesson. */
const mark = 'lesson: ';

/**
 * Verbal reinforcement: Shinn et al., "Reflexion: Language Agents with Verbal Reinforcement Learning" (2023). After an
 * episode that failed the model looks at all of it, step by step, says what went wrong and what to do differently; the
 * last 3 such lessons are kept.
 *
 * As published: one reflection for one failed episode, on its whole trajectory and its outcome; a memory of 3 lessons,
 * of which the oldest makes way. Changed on purpose:
 * - a lesson is for everybody's next episode and not for a second try at the same one, so it has to be general; a live
 *   agent gets no second try, and solved tasks that are skipped are what the published figures count twice;
 * - the memory is in the prompt: lessons are edits of the incumbent, known by their intents, and each one is tested by
 *   the gate before it is kept.
 * One call for each failed episode, of up to as many as there is room for, at most 3. Without one no call is made.
 */
export const reflexion: Optimizer = {
  name: 'reflexion',
  propose: async (context) => {
    const { incumbent, tried, count, ask } = context;
    const candidates = [];
    for (const episode of failedEpisodes(context, Math.min(count, lessonsMax))) {
      const suggestions = await ask({
        instruction,
        examples: episode,
        history: tried.filter(({ edits }) => edits.some(isLesson)).slice(-lessonsMax),
        count: 1,
      });
      candidates.push(
        ...suggestions.map(({ edits }) => [...withRoom(incumbent.edits), ...edits.map(asLesson)]),
      );
    }
    return { candidates };
  },
};

/** The whole of each episode that holds a failure drawn, in the order of time; each episode once. */
function failedEpisodes({ traces, random }: OptimizerContext, count: number): readonly (readonly Trace[])[] {
  const failures = selectFailures(traces, requestsMax * count, random);
  const ids = [...new Set(failures.map(({ decision }) => decision.episodeId))].slice(0, count);
  return ids.map((id) =>
    traces
      .filter(({ decision }) => decision.episodeId === id)
      .toSorted((one, other) => one.decision.atMs - other.decision.atMs)
      .slice(-requestsMax),
  );
}

/** The edits without the oldest lessons, so that one more makes no more than 3. */
function withRoom(edits: readonly Edit[]): readonly Edit[] {
  const surplus = new Set(edits.filter(isLesson).slice(0, -(lessonsMax - 1)));
  return edits.filter((edit) => !surplus.has(edit));
}

function isLesson({ intent }: Edit): boolean {
  return intent.startsWith(mark);
}

function asLesson(edit: Edit): Edit {
  return isLesson(edit) ? edit : { ...edit, intent: `${mark}${edit.intent}` };
}

const instruction =
  'The examples are the requests of one episode that ended badly, in the order of time: a conversation, or the steps of ' +
  'an agent at work. Find the step from which it went wrong, which need not be the last one. Write as the `intent` what ' +
  'should be done differently from that step on. Then write that lesson into the prompt as a rule for episodes like ' +
  'this one, in general words. The history holds earlier lessons and what became of them.';
