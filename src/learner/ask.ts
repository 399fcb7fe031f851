import { applyEdits } from '../domain/apply-edits.ts';
import { contractGraders } from '../domain/contract.ts';
import { declaredSchemas } from '../domain/declared-schemas.ts';
import type { Edit } from '../domain/edit.ts';
import { outputContract } from '../domain/output-contract.ts';
import { skeletonText } from '../domain/skeleton.ts';
import type { Task } from '../domain/task.ts';
import type { Trace } from '../domain/trace.ts';
import type { Variant } from '../domain/variant.ts';
import { countDrops, type DropCounts, type DropReason } from './drop-reason.ts';
import { createLeakGuard, type LeakGuard } from './leak-guard.ts';
import type { Ask, Question, Suggestion } from './optimizer.ts';
import { optimizerRequest } from './optimizer-prompt.ts';
import { payAndCall, type CallDeps, type PaidCall } from './paid-call.ts';
import { parseProposals } from './proposals.schema.ts';
import { presentExample, withheldTexts } from './safety/present-example.ts';
import { redactExamples } from './safety/redact-examples.ts';
import { textFault } from './safety/text-fault.ts';
import { shownExample } from './shown-example.ts';

/** Model calls that one turn of an optimizer may make. */
export const callsMax = 8;

/** What every question of one turn is about. */
export interface AskGround {
  readonly task: Task;
  readonly optimizerModelName: string;
  /** The incumbent's prompt, slots as `{{name}}`. */
  readonly prompt: string;
  /** Proposals that are wanted. */
  readonly count: number;
  /** The incumbent, whose worked examples are traffic; absent: it has none. */
  readonly incumbent?: Variant;
}

/** One turn of an optimizer: the means to ask, and what asking has come to. */
export interface AskSession {
  readonly ask: Ask;
  readonly result: () => AskResult;
}

export interface AskResult {
  readonly costUsd: number;
  /** Calls that were made, answered or not. */
  readonly calls: number;
  /** Traces that the model has seen, each once. */
  readonly shown: readonly Trace[];
  readonly dropped: DropCounts;
  /** Answers of which nothing could be read. */
  readonly malformed: number;
  /** The last thing that kept a question from being answered. */
  readonly failure:
    Exclude<PaidCall, { readonly kind: 'answered' }> | { readonly kind: 'calls-spent' } | null;
}

/** Opens a turn: questions are asked on the task's budget, and answers read, counted and guarded. */
export function openAskSession(deps: CallDeps, ground: AskGround): AskSession {
  const { task } = ground;
  const shown = new Map<string, Trace>();
  let calls = 0;
  let result: Omit<AskResult, 'shown' | 'calls'> = { costUsd: 0, dropped: {}, malformed: 0, failure: null };

  const ask = async (question: Question): Promise<readonly Suggestion[]> => {
    const { instruction, history, notes = [], count = ground.count } = question;
    const prompt = question.base === undefined ? ground.prompt : promptOf(task, question.base);
    if (prompt === undefined) return [];
    calls += 1;
    if (calls > callsMax) {
      result = { ...result, failure: { kind: 'calls-spent' } };
      return [];
    }
    const policy = task.config.learner.examples ?? 'allow';
    const examples = question.examples.map((trace) => presentExample(shownExample(trace), policy));
    for (const kind of examples.flatMap(withheldTexts))
      deps.telemetry.count('ratchet.learner.withheld', 1, { task: task.name, kind });
    const model = ground.optimizerModelName;
    const protectedPhrases = untouchable(task, question.examples);
    const request = optimizerRequest({
      model,
      instruction,
      prompt,
      protectedPhrases,
      examples,
      history,
      notes,
      count,
    });
    const call = await payAndCall(deps, task, request, { prompt, count });
    if (call.kind !== 'answered') {
      result = { ...result, failure: call };
      return [];
    }
    for (const trace of question.examples) shown.set(trace.decision.decisionId, trace);
    // What an earlier answer of this turn took from its examples may stand in the notes, and so in this answer.
    const quotes = quotesIn([question.base ?? ground.incumbent, ...history]);
    const guard = createLeakGuard([...shown.values()].map(shownExample), prompt, quotes);
    const read = readAnswer(call.text, prompt, guard);
    result = {
      costUsd: result.costUsd + call.costUsd,
      dropped: countDrops(read.dropped, result.dropped),
      malformed: result.malformed + (read.isMalformed ? 1 : 0),
      failure: null,
    };
    return read.suggestions.map(({ intent, edits }) => ({ intent, edits: redactExamples(edits, policy) }));
  };
  return { ask, result: () => ({ ...result, calls: Math.min(calls, callsMax), shown: [...shown.values()] }) };
}

/** The prompt of a variant, slots as `{{name}}`; `undefined` where its edits have no place in the baseline. */
function promptOf({ baseline }: Task, { edits }: Variant): string | undefined {
  const skeleton = applyEdits(baseline.skeleton, edits);
  return skeleton && skeletonText(skeleton);
}

/** Worked examples that the model sees outside the examples that it is shown. */
function quotesIn(parts: readonly ({ readonly edits: readonly Edit[] } | undefined)[]): readonly string[] {
  return parts.flatMap((part) =>
    (part?.edits ?? []).flatMap((edit) => (edit.op === 'add-example' ? [edit.text] : [])),
  );
}

/** What the gate would refuse to see changed: protected phrases, and what is said of the declared form of answers. */
function untouchable({ config, baseline }: Task, examples: readonly Trace[]): readonly string[] {
  const schemas = examples.flatMap(({ decision: { content } }) =>
    content === null
      ? []
      : declaredSchemas(content.request, [...config.graders, ...contractGraders(config.contract)]),
  );
  return [...config.protect, ...outputContract(skeletonText(baseline.skeleton), schemas)];
}

interface ReadAnswer {
  readonly suggestions: readonly Suggestion[];
  readonly dropped: readonly DropReason[];
  readonly isMalformed: boolean;
}

function readAnswer(text: string, prompt: string, guard: LeakGuard): ReadAnswer {
  const parsed = parseProposals(text, prompt);
  if (parsed.kind === 'malformed') return { suggestions: [], dropped: [], isMalformed: true };
  const isLeaking = ({ edits }: Suggestion): boolean => guard.isLeaking(edits);
  const isUnfit = (intent: string): boolean =>
    guard.isLeakingText(intent) || textFault(intent, prompt) !== undefined;
  const leaks = parsed.suggestions.filter(isLeaking).map((): DropReason => 'copies-traffic');
  return {
    suggestions: parsed.suggestions
      .filter((suggestion) => !isLeaking(suggestion))
      .map((suggestion) => (isUnfit(suggestion.intent) ? withoutIntent(suggestion) : suggestion)),
    dropped: [...parsed.dropped, ...leaks],
    isMalformed: false,
  };
}

/**
 * An intent that quotes traffic, or could not stand in the prompt either, is worth less than the edits behind it; only
 * the intent goes, since people, graders of histories and later turns read it.
 */
function withoutIntent({ edits }: Suggestion): Suggestion {
  const intent = '(withheld: it quoted a request or gave orders)';
  return { intent, edits: edits.map((edit) => ({ ...edit, intent })) };
}
