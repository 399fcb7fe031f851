import {
  callsOf,
  event,
  idOf,
  isObject,
  objectsOf,
  sampleOf,
  textOf,
  tokensOf,
  type Answer,
  type Json,
  type Question,
} from './answer.ts';

const usage = {
  prompt_tokens: 21,
  completion_tokens: 9,
  total_tokens: 30,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
};

interface Said {
  readonly content: string | null;
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
}

/** Answers `POST /chat/completions`: tools, structured output, several choices, log probabilities, streams. */
export function answerChat({ json, body }: Question): Answer {
  const id = idOf('chatcmpl-', body);
  const head = { id, created: 1_790_000_000, model: String(json['model']), service_tier: 'default' };
  const count = typeof json['n'] === 'number' ? json['n'] : 1;
  const choices = Array.from({ length: count }, (_, index) => ({ index, said: sayingOf(json, index), id }));
  if (json['stream'] === true) return streamOf(json, head, choices);
  return {
    body: {
      ...head,
      object: 'chat.completion',
      system_fingerprint: 'fp_1',
      choices: choices.map(({ index, said }) => ({
        index,
        message: {
          role: 'assistant',
          content: said.content,
          refusal: null,
          annotations: [],
          ...(said.calls.length === 0 ? {} : { tool_calls: toolCalls(said, id) }),
        },
        logprobs: logprobsOf(json, said.content),
        finish_reason: finishOf(said),
      })),
      usage,
    },
  };
}

function sayingOf(json: Json, index: number): Said {
  const messages = objectsOf(json['messages']);
  const last = messages.at(-1);
  const question = textOf(messages.findLast(({ role }) => role === 'user')?.['content']);
  if (last?.['role'] === 'tool') {
    const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content));
    return { content: `The tools said: ${results.join(', ')}`, calls: [] };
  }
  const tools = objectsOf(json['tools']).map(({ function: tool }) => ({
    name: isObject(tool) ? String(tool['name']) : '',
    parameters: isObject(tool) ? tool['parameters'] : null,
  }));
  if (tools.length > 0) return { content: null, calls: callsOf(tools, question) };
  const format = json['response_format'];
  if (isObject(format) && isObject(format['json_schema']))
    return { content: JSON.stringify(sampleOf(format['json_schema']['schema'])), calls: [] };
  return { content: `You said: ${question}${index === 0 ? '' : ` (${index})`} — süß 🎫`, calls: [] };
}

function finishOf({ calls }: Said): string {
  return calls.length === 0 ? 'stop' : 'tool_calls';
}

function toolCalls({ calls }: Said, id: string): readonly Json[] {
  return calls.map((call, index) => ({
    id: idOf('call_', id, String(index)),
    type: 'function',
    function: call,
  }));
}

function logprobsOf(json: Json, content: string | null): Json | null {
  if (json['logprobs'] !== true || content === null) return null;
  return { content: tokensOf(content).map(logprobOf), refusal: null };
}

function logprobOf(token: string): Json {
  const one = { token, logprob: -0.25, bytes: [...Buffer.from(token)] };
  return { ...one, top_logprobs: [one] };
}

interface Choice {
  readonly index: number;
  readonly said: Said;
  readonly id: string;
}

function streamOf(json: Json, head: Json, choices: readonly Choice[]): Answer {
  const options = json['stream_options'];
  const isUsageWanted = isObject(options) && options['include_usage'] === true;
  const chunk = (made: readonly Json[], used: Json | null): string =>
    event({
      ...head,
      object: 'chat.completion.chunk',
      system_fingerprint: 'fp_1',
      choices: made,
      ...(isUsageWanted ? { usage: used } : {}),
    });
  const pieces = choices.flatMap((choice) =>
    deltasOf(json, choice).map((made) => chunk([{ index: choice.index, ...made }], null)),
  );
  const isEndless = String(json['model']).endsWith('-endless');
  if (isEndless) return { body: pieces.slice(0, 3), isEndless };
  return { body: [...pieces, ...(isUsageWanted ? [chunk([], usage)] : []), 'data: [DONE]\n\n'] };
}

function deltasOf(json: Json, { said, id }: Choice): readonly Json[] {
  const made = (delta: Json, content: string | null = null, finish: string | null = null): Json => ({
    delta,
    logprobs: logprobsOf(json, content),
    finish_reason: finish,
  });
  const opening = said.content === null ? null : '';
  return [
    made({ role: 'assistant', content: opening, refusal: null }),
    ...tokensOf(said.content ?? '').map((token) => made({ content: token }, token)),
    ...toolCalls(said, id).flatMap((call, index) => {
      const { name, arguments: text } = said.calls[index] ?? { name: '', arguments: '' };
      const half = Math.ceil(text.length / 2);
      return [
        made({ tool_calls: [{ index, ...call, function: { name, arguments: '' } }] }),
        ...[text.slice(0, half), text.slice(half)].map((part) =>
          made({ tool_calls: [{ index, function: { arguments: part } }] }),
        ),
      ];
    }),
    made({}, null, finishOf(said)),
  ];
}
