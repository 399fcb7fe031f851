import { textOf, type ChatRequest } from '../../domain/chat.ts';
import type { ModelAnswer } from '../chat-model.ts';
import { writeAnswer } from './answer-form.ts';
import type { AnswerStyle } from './answer-style.ts';
import { lastUserText, leadingPrompt } from './conversation.ts';
import type { JudgeModel } from './judge-model.ts';
import {
  parseJudgementPayload,
  parseProposalsPayload,
  type JudgementPayload,
} from './model-payload.schema.ts';
import { roleOf, type ModelRole } from './model-role.ts';
import type { OptimizerModel } from './optimizer-model.ts';
import type { QualityModel } from './quality-model.ts';
import { extendHash, uniformOf } from './seeded-hash.ts';
import type { TokenCount } from './token-count.ts';
import type { OutputForm } from './world.ts';

/** A model's answer with what only a simulation knows. */
export interface SimulatedAnswer extends ModelAnswer {
  /** Which of the world's models answered. */
  readonly role: ModelRole;
  /** The system prompt that reached the model. */
  readonly prompt: string;
}

/** Calls answered so far. */
export type CallCounts = Readonly<Record<ModelRole, number>>;

export interface SimulatedModel {
  /** Answers at once; latency is told, not spent. Throws `invalid_request` for a request it cannot read. */
  readonly answer: (request: ChatRequest) => SimulatedAnswer;
  readonly calls: () => CallCounts;
}

/** The models of a world. */
export interface SimulatedParts {
  readonly quality: QualityModel;
  readonly style: AnswerStyle;
  readonly optimizer: OptimizerModel;
  readonly judge: JudgeModel;
  /** Index of the input with this text. */
  readonly inputOf: (text: string) => number | undefined;
  readonly output: OutputForm;
  readonly malformed: number;
  readonly countTokens: TokenCount;
}

const optimizerLatencyMs = 4000;
const judgeLatencyMs = 600;

/** Tokens that JSON adds around the parts of a judge's payload, about. */
const judgeFramingTokens = 30;

/** The answer of the agent's model to something that its world does not ask. */
const unknownInputAnswer = 'I do not know.';

/**
 * All models of a world behind one function. A request whose response format is a JSON schema named `proposals` is for
 * the optimizer, one named `judgement` for the judge, any other for the agent's model.
 */
export function createSimulatedModel(parts: SimulatedParts): SimulatedModel {
  const calls = { agent: 0, optimizer: 0, judge: 0 };
  const answerAs = { agent: answerAgent, optimizer: answerOptimizer, judge: answerJudge };
  return {
    answer: (request) => {
      const role = roleOf(request);
      const answer = answerAs[role](parts, request, calls[role]);
      calls[role] += 1;
      return { ...answer, role, prompt: leadingPrompt(request.messages) };
    },
    calls: () => ({ ...calls }),
  };
}

function answerAgent(parts: SimulatedParts, { messages }: ChatRequest): ModelAnswer {
  const { quality, style, inputOf, output, malformed, countTokens } = parts;
  const inputTokens = messages.reduce((sum, { content }) => sum + countTokens(textOf(content)), 0);
  const input = inputOf(lastUserText(messages));
  if (input === undefined) {
    const usage = { inputTokens, outputTokens: countTokens(unknownInputAnswer) };
    return { completion: writeAnswer(unknownInputAnswer, output, false), usage, latencyMs: 0 };
  }
  const prompt = leadingPrompt(messages);
  const { answer, outputTokens, latencyMs, luck } = quality.answer(prompt, input);
  const isMalformed = uniformOf(extendHash(luck, 'malformed')) < malformed;
  return {
    completion: style.wear(writeAnswer(answer, output, isMalformed), quality.facetsIn(prompt)),
    usage: { inputTokens, outputTokens },
    latencyMs,
  };
}

function answerOptimizer(
  { optimizer, countTokens }: SimulatedParts,
  { messages }: ChatRequest,
  number: number,
): ModelAnswer {
  const ownPrompt = leadingPrompt(messages);
  const question = lastUserText(messages);
  const edits = optimizer({ ownPrompt, payload: parseProposalsPayload(question), number });
  const proposals = edits.map((edit) => ({
    intent: edit.intent === '' ? edit.op : edit.intent,
    edits: [
      {
        op: edit.op,
        text: 'text' in edit ? edit.text : null,
        find: 'find' in edit ? edit.find : null,
        after: 'after' in edit ? (edit.after ?? null) : null,
      },
    ],
  }));
  const inputTokens = countTokens(ownPrompt) + countTokens(question);
  return jsonAnswer({ proposals }, { inputTokens, latencyMs: optimizerLatencyMs, countTokens });
}

function answerJudge(
  { judge, countTokens }: SimulatedParts,
  { messages }: ChatRequest,
  number: number,
): ModelAnswer {
  const payload = parseJudgementPayload(lastUserText(messages));
  // Counted part by part, since parts repeat while whole payloads do not.
  const inputTokens = [leadingPrompt(messages), payload.rubric, ...textsOf(payload)].reduce(
    (sum, text) => sum + countTokens(text),
    judgeFramingTokens,
  );
  return jsonAnswer(judge(payload, number), { inputTokens, latencyMs: judgeLatencyMs, countTokens });
}

function textsOf(payload: JudgementPayload): readonly string[] {
  const answers = payload.kind === 'pointwise' ? [payload.answer] : payload.answers;
  return [...payload.conversation.map(({ content }) => textOf(content)), ...answers];
}

function jsonAnswer(
  value: object,
  {
    inputTokens,
    latencyMs,
    countTokens,
  }: { inputTokens: number; latencyMs: number; countTokens: TokenCount },
): ModelAnswer {
  const text = JSON.stringify(value);
  return {
    completion: { text, toolCalls: [], finishReason: 'stop', refusal: null },
    usage: { inputTokens, outputTokens: countTokens(text) },
    latencyMs,
  };
}
