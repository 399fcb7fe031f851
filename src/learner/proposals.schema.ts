import { z } from 'zod';
import type { Edit } from '../domain/edit.ts';
import type { DropReason } from './drop-reason.ts';
import type { Suggestion } from './optimizer.ts';

/** Proposals of one answer, and edits of one proposal, that are read. */
export const proposalsMax = 5;
export const editsMax = 5;

/** Characters of a text; a longer prompt may be replaced as a whole, by 1.5 times its length and 400 more. */
const textCharactersMax = 4_000;
const replacementGrowthMax = 1.5;
const replacementExtraCharacters = 400;

/** Characters that are kept of an intent. */
const intentCharactersMax = 200;

/** Characters of an answer that is read at all. */
const answerCharactersMax = 400_000;

/** What became of an answer: what could be used, and why the rest could not. */
export type ParsedAnswer =
  | {
      readonly kind: 'proposals';
      readonly suggestions: readonly Suggestion[];
      readonly dropped: readonly DropReason[];
    }
  /** Nothing in it can be read. */
  | { readonly kind: 'malformed' };

const wireEdit = z.object({
  op: z.enum(['insert', 'replace', 'delete', 'move', 'add-example']),
  text: z.string().nullish(),
  find: z.string().nullish(),
  after: z.string().nullish(),
});
const wireProposal = z.object({
  intent: z.string(),
  edits: z.array(wireEdit).min(1).max(editsMax),
});
const wireAnswer = z.object({ proposals: z.array(z.unknown()) });

/**
 * Reads an answer of the optimizer model. The edits of a proposal belong together, so one bad edit drops its proposal,
 * and only that. `prompt` is the prompt that was shown. Never throws.
 */
export function parseProposals(answer: string, prompt: string): ParsedAnswer {
  const parsed = wireAnswer.safeParse(readJson(answer));
  if (!parsed.success) return { kind: 'malformed' };
  const suggestions: Suggestion[] = [];
  const dropped: DropReason[] = parsed.data.proposals.slice(proposalsMax).map(() => 'too-many');
  for (const item of parsed.data.proposals.slice(0, proposalsMax)) {
    const suggestion = toSuggestion(item, prompt);
    if (typeof suggestion === 'string') dropped.push(suggestion);
    else suggestions.push(suggestion);
  }
  return { kind: 'proposals', suggestions, dropped };
}

function toSuggestion(item: unknown, prompt: string): Suggestion | DropReason {
  const parsed = wireProposal.safeParse(item);
  if (!parsed.success) return 'malformed';
  const intent = cleanIntent(parsed.data.intent);
  const edits: Edit[] = [];
  for (const wire of parsed.data.edits) {
    const edit = toEdit(wire, intent);
    const fault = edit === undefined ? 'missing-field' : editFault(edit, prompt);
    if (fault !== undefined) return fault;
    if (edit !== undefined) edits.push(edit);
  }
  return { intent, edits };
}

/** `undefined` where a field that the operation needs is missing; an empty text is a missing one. */
function toEdit({ op, ...fields }: z.infer<typeof wireEdit>, intent: string): Edit | undefined {
  const text = fields.text ?? '';
  const find = fields.find ?? '';
  const place =
    fields.after === null || fields.after === undefined || fields.after === '' ? {} : { after: fields.after };
  switch (op) {
    case 'insert':
      return text === '' ? undefined : { op, text, ...place, intent };
    case 'replace':
      return text === '' || find === '' ? undefined : { op, find, text, intent };
    case 'delete':
      return find === '' ? undefined : { op, find, intent };
    case 'move':
      return find === '' ? undefined : { op, find, ...place, intent };
    case 'add-example':
      return text === '' ? undefined : { op, text, intent };
  }
}

/**
 * Why an edit cannot be used whatever its worth: a text that is too long, control characters, or a `{{slot}}` that the
 * prompt does not have; `undefined` where it can.
 */
export function editFault(edit: Edit, prompt: string): DropReason | undefined {
  const text = 'text' in edit ? edit.text : '';
  const phrases = [text, 'find' in edit ? edit.find : '', 'after' in edit ? (edit.after ?? '') : ''];
  const charactersMax = Math.max(
    textCharactersMax,
    edit.op === 'replace' ? prompt.length * replacementGrowthMax + replacementExtraCharacters : 0,
  );
  if (phrases.some((phrase) => phrase.length > charactersMax)) return 'too-long';
  if (phrases.some((phrase) => forbidden.test(phrase) || !phrase.isWellFormed())) return 'control-character';
  const marks = text.match(/\{\{[^{}]*\}\}/g) ?? [];
  return marks.some((mark) => !prompt.includes(mark)) ? 'unknown-slot' : undefined;
}

/**
 * Control characters but for tab and line breaks, those that reorder text, and those that nobody sees, so that a person
 * reads what a model reads. Joiners stay: some scripts and emoji are written with them.
 */
const forbidden =
  /[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\ufeff]|[\u{e0000}-\u{e007f}]/u;

function cleanIntent(intent: string): string {
  return intent
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, intentCharactersMax)
    .toWellFormed();
}

/** The JSON of an answer; models without structured output like to fence it. */
function readJson(answer: string): unknown {
  if (answer.length > answerCharactersMax) return undefined;
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*)\n\s*```\s*$/.exec(answer)?.[1];
  try {
    return JSON.parse(fenced ?? answer);
  } catch {
    return undefined;
  }
}

const text = { type: ['string', 'null'] };

/** The form asked of the optimizer model, in OpenAI's strict mode, where every field is required and may be null. */
export const proposalsFormat: Readonly<Record<string, unknown>> = {
  type: 'json_schema',
  json_schema: {
    name: 'proposals',
    strict: true,
    schema: objectOf({
      proposals: {
        type: 'array',
        items: objectOf({
          intent: { type: 'string' },
          edits: {
            type: 'array',
            items: objectOf({
              op: { type: 'string', enum: wireEdit.shape.op.options },
              text,
              find: text,
              after: text,
            }),
          },
        }),
      },
    }),
  },
};

function objectOf(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
