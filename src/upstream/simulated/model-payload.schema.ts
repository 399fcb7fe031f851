import { z } from 'zod';
import type { ChatMessage } from '../../domain/chat.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { chatMessage } from './chat-message.schema.ts';

/** What an optimizer model is asked. */
export interface ProposalsPayload {
  /** The current prompt, slots written `{{name}}`. */
  readonly prompt: string;
  readonly examples: readonly { readonly input: string; readonly reward: number | null }[];
  /** What was tried before: the texts that each attempt took out of the prompt and put into it. */
  readonly history: readonly { readonly edits: readonly TriedEdit[] }[];
  /** Proposals wanted. */
  readonly count: number;
}

/** Absent and `null` are alike. */
interface TriedEdit {
  readonly find?: string | null | undefined;
  readonly text?: string | null | undefined;
}

/** An answer with the conversation that it ends. */
export interface JudgedAnswer {
  readonly conversation: readonly ChatMessage[];
  readonly answer: string;
}

/** What a judge model is asked: to grade one answer, or to compare two whose prompts it is not shown. */
export type JudgementPayload =
  | ({ readonly kind: 'pointwise'; readonly rubric: string } & JudgedAnswer)
  | {
      readonly kind: 'pairwise';
      readonly rubric: string;
      readonly conversation: readonly ChatMessage[];
      readonly answers: readonly [string, string];
    };

/** Most proposals that one answer gives. */
const proposalsMax = 20;

const proposals = z.object({
  prompt: z.string(),
  examples: z
    .array(
      z.object({
        input: z.string(),
        reward: z
          .number()
          .nullish()
          .transform((reward) => reward ?? null),
      }),
    )
    .default([]),
  history: z
    .array(
      z.object({
        edits: z.array(z.object({ find: z.string().nullish(), text: z.string().nullish() })).default([]),
      }),
    )
    .default([]),
  count: z
    .int()
    .min(1)
    .default(1)
    .transform((count) => Math.min(count, proposalsMax)),
});

const judged = z.object({ conversation: z.array(chatMessage), answer: z.string() });
const rubric = z.string().default('');
const judgement = z.union([
  judged.extend({ rubric }).transform((payload) => ({ kind: 'pointwise' as const, ...payload })),
  z
    .object({
      rubric,
      conversation: z.array(chatMessage),
      answers: z.tuple([z.string(), z.string()]),
    })
    .transform((payload) => ({ kind: 'pairwise' as const, ...payload })),
]);

/** Reads the user message of a `proposals` call. Throws `invalid_request`. */
export function parseProposalsPayload(text: string): ProposalsPayload {
  return parsePayload(proposals, text);
}

/** Reads the user message of a `judgement` call. Throws `invalid_request`. */
export function parseJudgementPayload(text: string): JudgementPayload {
  return parsePayload(judgement, text);
}

function parsePayload<Payload>(schema: z.ZodType<Payload>, text: string): Payload {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RatchetError(
    'invalid_request',
    `The request's payload is not understood: ${issue?.message ?? ''}`,
    {
      param: issue?.path.join('.') ?? '',
    },
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RatchetError('invalid_request', 'The last user message must be one JSON object', {
      param: 'messages',
      cause,
    });
  }
}
