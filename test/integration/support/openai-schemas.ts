import { Ajv, type ValidateFunction } from 'ajv';

/** What OpenAI's API reference requires of answers: fields that must be there, and their types. More may come. */
export type AnswerKind = 'chat completion' | 'chat chunk' | 'response' | 'response event' | 'error';

type Schema = Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, Schema>>;

const text: Schema = { type: 'string' };
const whole: Schema = { type: 'integer', minimum: 0 };
const number: Schema = { type: 'number' };
const flag: Schema = { type: 'boolean' };
const anything: Schema = {};
const nothing: Schema = { type: 'null' };

const oneOf = (...values: readonly string[]): Schema => ({ enum: values });
const listOf = (items: Schema): Schema => ({ type: 'array', items });
/** Said so that a fault inside is not hidden behind "must be null". */
const orNull = (schema: Schema): Schema =>
  Array.isArray(schema['enum']) ? { enum: [...schema['enum'], null] } : { ...schema, nullable: true };
const either = (...schemas: readonly Schema[]): Schema => ({ anyOf: schemas });

/** An object with these fields; those of `optional` may be missing, and unknown ones may be there. */
const object = (required: Fields, optional: Fields = {}): Schema => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
});

/** One of several objects, told apart by a field; the fault is then that of the right one. */
const byType = (cases: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: Object.entries(cases).map(([type, schema]) => ({
    ...schema,
    properties: { ...(schema['properties'] as Fields), type: { const: type } },
  })),
});

const tokenLogprob = { token: text, logprob: number, bytes: orNull(listOf(whole)) };
const tokenLogprobs = orNull(listOf(object({ ...tokenLogprob, top_logprobs: listOf(object(tokenLogprob)) })));
const logprobs = orNull(object({ content: tokenLogprobs, refusal: tokenLogprobs }));
const finish = oneOf('stop', 'length', 'tool_calls', 'content_filter', 'function_call');
const chatUsage = object({ prompt_tokens: whole, completion_tokens: whole, total_tokens: whole });

const chatMessage = object(
  { role: oneOf('assistant'), content: orNull(text), refusal: orNull(text) },
  {
    tool_calls: listOf(
      object({ id: text, type: oneOf('function'), function: object({ name: text, arguments: text }) }),
    ),
    annotations: listOf(anything),
  },
);
const chatCompletion = object(
  {
    id: text,
    object: oneOf('chat.completion'),
    created: whole,
    model: text,
    choices: listOf(object({ index: whole, message: chatMessage, logprobs, finish_reason: finish })),
  },
  { usage: chatUsage, system_fingerprint: text, service_tier: orNull(text) },
);

const delta = object(
  {},
  {
    role: oneOf('assistant'),
    content: orNull(text),
    refusal: orNull(text),
    tool_calls: listOf(
      object(
        { index: whole },
        { id: text, type: oneOf('function'), function: object({}, { name: text, arguments: text }) },
      ),
    ),
  },
);
const chatChunk = object(
  {
    id: text,
    object: oneOf('chat.completion.chunk'),
    created: whole,
    model: text,
    choices: listOf(object({ index: whole, delta, finish_reason: orNull(finish) }, { logprobs })),
  },
  { usage: orNull(chatUsage), system_fingerprint: text, service_tier: orNull(text) },
);

const status = oneOf('in_progress', 'completed', 'incomplete');
const outputText = byType({
  output_text: object({ type: text, text, annotations: listOf(anything), logprobs: listOf(anything) }),
  refusal: object({ type: text, refusal: text }),
});
const outputItem = byType({
  message: object({ type: text, id: text, role: oneOf('assistant'), status, content: listOf(outputText) }),
  function_call: object({ type: text, call_id: text, name: text, arguments: text }, { id: text, status }),
});
const responseUsage = object({
  input_tokens: whole,
  input_tokens_details: object({ cached_tokens: whole }),
  output_tokens: whole,
  output_tokens_details: object({ reasoning_tokens: whole }),
  total_tokens: whole,
});
const response = object(
  {
    id: text,
    object: oneOf('response'),
    created_at: number,
    error: orNull(object({ code: text, message: text })),
    incomplete_details: orNull(object({})),
    instructions: either(text, listOf(anything), nothing),
    metadata: orNull(object({})),
    model: text,
    output: listOf(outputItem),
    parallel_tool_calls: flag,
    temperature: orNull(number),
    tool_choice: either(text, object({ type: text })),
    tools: listOf(object({ type: text })),
    top_p: orNull(number),
  },
  {
    status: oneOf('completed', 'failed', 'in_progress', 'cancelled', 'queued', 'incomplete'),
    usage: orNull(responseUsage),
    previous_response_id: orNull(text),
    conversation: orNull(object({ id: text })),
  },
);

const event = (fields: Fields): Schema => object({ type: text, sequence_number: whole, ...fields });
const place = { item_id: text, output_index: whole };
const partPlace = { ...place, content_index: whole };
const responseEvent = byType({
  'response.created': event({ response }),
  'response.in_progress': event({ response }),
  'response.completed': event({ response }),
  'response.output_item.added': event({ output_index: whole, item: outputItem }),
  'response.output_item.done': event({ output_index: whole, item: outputItem }),
  'response.content_part.added': event({ ...partPlace, part: outputText }),
  'response.content_part.done': event({ ...partPlace, part: outputText }),
  'response.output_text.delta': event({ ...partPlace, delta: text, logprobs: listOf(anything) }),
  'response.output_text.done': event({ ...partPlace, text, logprobs: listOf(anything) }),
  'response.function_call_arguments.delta': event({ ...place, delta: text }),
  'response.function_call_arguments.done': event({ ...place, name: text, arguments: text }),
});

const error = object({
  error: object({ message: text, type: text, param: orNull(text), code: orNull(text) }),
});

const engine = new Ajv({ allErrors: true, discriminator: true, strict: false });
const validators: Readonly<Record<AnswerKind, ValidateFunction>> = {
  'chat completion': engine.compile(chatCompletion),
  'chat chunk': engine.compile(chatChunk),
  response: engine.compile(response),
  'response event': engine.compile(responseEvent),
  error: engine.compile(error),
};

/**
 * What is wrong with an answer, each fault once: where, with `*` for any place of a list, and what. Events are told by
 * their type. Empty: nothing.
 */
export function faultsOf(kind: AnswerKind, answers: readonly unknown[]): readonly string[] {
  const validate = validators[kind];
  const faults = answers.flatMap((answer) => {
    if (validate(answer)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => {
      const at = instancePath.replaceAll(/\/\d+/g, '/*');
      const where = kind === 'response event' ? [typeOf(answer), at] : [at];
      return [...where, message].filter((part) => part !== '').join(' ');
    });
  });
  return [...new Set(faults)].toSorted();
}

function typeOf(answer: unknown): string {
  return typeof answer === 'object' && answer !== null && 'type' in answer ? String(answer.type) : '';
}
