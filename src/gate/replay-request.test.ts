import { describe, expect, it } from 'vitest';
import type { AgentRequest } from '../domain/agent-request.ts';
import type { ChatRequest } from '../domain/chat.ts';
import type { ResponsesRequest } from '../domain/responses.ts';
import type { Skeleton } from '../domain/skeleton.ts';
import { defaultTaskConfig, type Task } from '../domain/task.ts';
import type { Trace } from '../domain/trace.ts';
import { replayRequest } from './replay-request.ts';
import { traceOf } from './trace.case.ts';

const skeleton: Skeleton = {
  segments: [
    { kind: 'text', text: 'Sort tickets of ' },
    { kind: 'slot', name: 'slot1' },
    { kind: 'text', text: '. Be brief.' },
  ],
};
const task: Task = {
  id: 't',
  name: 't',
  scope: 's',
  baseline: { version: 1, skeleton, stableFor: 50 },
  config: defaultTaskConfig,
  createdAtMs: 0,
};
const request: ChatRequest = {
  model: 'gpt-4o-mini',
  temperature: 0.3,
  tools: [{ type: 'function', function: { name: 'route' } }],
  stream: true,
  stream_options: { include_usage: true },
  metadata: { ratchet_task: 't' },
  store: true,
  messages: [
    { role: 'system', content: 'Sort tickets of Acme. Be brief.' },
    { role: 'user', content: 'Be brief.' },
  ],
};

function replay(trace: Trace): AgentRequest | undefined {
  return replayRequest(trace, task, [{ op: 'replace', find: 'Be brief.', text: 'Be kind.', intent: 'x' }]);
}

describe('replayRequest', () => {
  it('is what the agent sent, with the edited prompt, not streamed and not kept', () => {
    expect(replay(traceOf({ request, slots: { slot1: 'Acme' } }))).toEqual({
      model: 'gpt-4o-mini',
      temperature: 0.3,
      tools: request['tools'],
      messages: [
        { role: 'system', content: 'Sort tickets of Acme. Be kind.' },
        { role: 'user', content: 'Be brief.' },
      ],
    });
  });

  it.each([
    ['slots that were recorded under an older skeleton', {}],
    ['slots that no longer give the prompt that was sent', { slot1: 'Other' }],
  ])('reads the prompt anew for %s', (_, slots) => {
    expect(replay(traceOf({ request, slots }))?.messages?.[0]?.content).toBe(
      'Sort tickets of Acme. Be kind.',
    );
  });

  it('keeps the boundaries of several leading messages where the edits allow', () => {
    const several = {
      ...request,
      messages: [
        { role: 'system', content: 'Sort tickets of Acme. Be brief.' },
        { role: 'developer', content: 'Now.' },
        { role: 'user', content: 'Hi' },
      ],
    };
    const open: Task = {
      ...task,
      baseline: {
        ...task.baseline,
        skeleton: { segments: [...skeleton.segments, { kind: 'text', text: '\n\nNow.' }] },
      },
    };
    const trace = traceOf({ request: several, slots: {} });
    expect(replayRequest(trace, open, [])?.messages).toEqual(several.messages);
    const edited = replayRequest(trace, open, [{ op: 'delete', find: ' Be brief.', intent: 'x' }]);
    expect(edited?.messages).toEqual([
      { role: 'system', content: 'Sort tickets of Acme.' },
      { role: 'developer', content: 'Now.' },
      { role: 'user', content: 'Hi' },
    ]);
  });

  it('asks the model behind an alias', () => {
    const aliased = { ...request, model: 'ratchet/t' };
    expect(replay(traceOf({ request: aliased, slots: {} }, { model: 'gpt-4o' }))?.model).toBe('gpt-4o');
  });

  it.each<[string, Trace]>([
    ['nothing was recorded', traceOf(null)],
    [
      'the prompt is another one',
      traceOf({ request: { ...request, messages: [{ role: 'system', content: 'Hi' }] }, slots: {} }),
    ],
    [
      'there is no prompt',
      traceOf({ request: { ...request, messages: [{ role: 'user', content: 'Hi' }] }, slots: {} }),
    ],
  ])('gives nothing where %s', (_, trace) => {
    expect(replay(trace)).toBeUndefined();
  });

  it('gives nothing where the edits have no place', () => {
    const trace = traceOf({ request, slots: { slot1: 'Acme' } });
    expect(replayRequest(trace, task, [{ op: 'delete', find: 'absent', intent: 'x' }])).toBeUndefined();
  });

  it('of a responses request is another one that upstream does not keep', () => {
    const asked: ResponsesRequest = {
      model: 'gpt-4o-mini',
      instructions: 'Sort tickets of Acme. Be brief.',
      input: [
        { role: 'user', content: 'Hi' },
        { type: 'reasoning', id: 'rs_1', encrypted_content: 'sealed' },
        { type: 'function_call', call_id: 'c', name: 'route', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: 'done' },
      ],
      tools: [{ type: 'function', name: 'route' }],
      text: { format: { type: 'text' } },
      previous_response_id: null,
      stream: true,
      background: true,
      store: true,
      include: ['reasoning.encrypted_content'],
      metadata: { ratchet_task: 't' },
    };
    expect(replay(traceOf({ request: asked, slots: { slot1: 'Acme' } }))).toEqual({
      model: 'gpt-4o-mini',
      instructions: 'Sort tickets of Acme. Be kind.',
      input: asked.input,
      tools: asked['tools'],
      text: asked['text'],
      previous_response_id: null,
      store: false,
    });
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['goes on from a response', { previous_response_id: 'resp_1' }],
    ['belongs to a conversation', { conversation: { id: 'conv_1' } }],
    ['has a prompt that upstream keeps', { prompt: { id: 'pmpt_1' } }],
    ['names an item that upstream keeps', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['has thoughts that upstream keeps', { input: [{ type: 'reasoning', id: 'rs_1', summary: [] }] }],
    ...['web_search', 'code_interpreter', 'mcp', 'computer_use_preview', 'image_generation'].map(
      (type): [string, object & Readonly<Record<string, unknown>>] => [
        `may have upstream act: ${type}`,
        { tools: [{ type: 'function', name: 'route' }, { type }] },
      ],
    ),
  ])('gives nothing where a responses request %s', (_, fields) => {
    const asked = { model: 'm', instructions: 'Sort tickets of Acme. Be brief.', input: 'Hi', ...fields };
    expect(replay(traceOf({ request: asked, slots: { slot1: 'Acme' } }))).toBeUndefined();
  });

  it('gives nothing where a chat has upstream search', () => {
    const asked = { ...request, web_search_options: {} };
    expect(replay(traceOf({ request: asked, slots: { slot1: 'Acme' } }))).toBeUndefined();
  });
});
