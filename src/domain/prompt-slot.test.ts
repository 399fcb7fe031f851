import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentRequest } from './agent-request.ts';
import type { ChatMessage } from './chat.ts';
import { changedPieces, promptSlotOf, withPrompt, type PromptPiece } from './prompt-slot.ts';
import type { ResponsesRequest } from './responses.ts';

const user: ChatMessage = { role: 'user', content: 'hello' };
const chat = (...messages: ChatMessage[]): AgentRequest => ({ model: 'm', messages });
const responses = (fields: Omit<ResponsesRequest, 'model'>): AgentRequest => ({ model: 'm', ...fields });
const text = (value: string, more: object = {}): { type: string; text: string } => ({
  type: 'input_text',
  text: value,
  ...more,
});

describe('the prompt slot', () => {
  test.each<[string, AgentRequest, { text: string; length: number } | undefined]>([
    ['nothing', chat(user), { text: '', length: 0 }],
    ['one message', chat({ role: 'system', content: 'a' }, user), { text: 'a', length: 1 }],
    [
      'system and developer messages together',
      chat(
        { role: 'system', content: 'a' },
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'b' },
            { type: 'text', text: 'c' },
          ],
        },
        user,
      ),
      { text: 'a\n\nb\nc', length: 2 },
    ],
    ['only what leads', chat(user, { role: 'system', content: 'late' }), { text: '', length: 0 }],
    [
      'no slot where it is not text',
      chat({ role: 'system', content: [{ type: 'image_url' }] }, user),
      undefined,
    ],
    ['no slot without content', chat({ role: 'system', content: null }, user), undefined],
    ['no slot where the content is empty', chat({ role: 'system', content: [] }, user), undefined],
    ['the instructions', responses({ instructions: 'a', input: 'hello' }), { text: 'a', length: 1 }],
    [
      'the instructions before leading items',
      responses({ instructions: 'a', input: [{ role: 'system', content: 'b' }] }),
      { text: 'a', length: 1 },
    ],
    [
      'leading items where instructions say nothing',
      responses({
        instructions: '',
        input: [
          { role: 'developer', content: [text('a')] },
          { type: 'message', role: 'system', content: 'b' },
        ],
      }),
      { text: 'a\n\nb', length: 2 },
    ],
    ['nothing before a user\u2019s text', responses({ input: 'hello' }), { text: '', length: 0 }],
    ['nothing without input', responses({ instructions: null }), { text: '', length: 0 }],
    [
      'no slot where an item is not text',
      responses({ input: [{ role: 'system', content: [{ type: 'input_image' }] }] }),
      undefined,
    ],
    ['no slot where upstream keeps the prompt', responses({ prompt: { id: 'p' }, input: 'x' }), undefined],
    [
      'the instructions beside a prompt that upstream keeps',
      responses({ prompt: { id: 'p' }, instructions: 'a' }),
      { text: 'a', length: 1 },
    ],
  ])('is %s', (_, request, slot) => {
    const found = promptSlotOf(request);
    expect(found && { text: found.text, length: found.length }).toEqual(slot);
  });
});

describe('another prompt', () => {
  const several: AgentRequest = chat(
    { role: 'developer', content: 'Sort tickets.', name: 'policy' },
    {
      role: 'system',
      content: [
        { type: 'text', text: 'Queues: a, b.', cache_control: { type: 'ephemeral' } },
        { type: 'text', text: 'Be brief.' },
      ],
    },
    user,
  );

  test.each<[string, string, AgentRequest]>([
    [
      'changes only the message that it differs in',
      'Sort tickets well.\n\nQueues: a, b.\nBe brief.',
      chat(
        { role: 'developer', content: 'Sort tickets well.', name: 'policy' },
        ...(several.messages ?? []).slice(1),
      ),
    ],
    [
      'changes only the part that it differs in',
      'Sort tickets.\n\nQueues: a, b.\nBe kind.',
      chat(
        { role: 'developer', content: 'Sort tickets.', name: 'policy' },
        {
          role: 'system',
          content: [
            { type: 'text', text: 'Queues: a, b.', cache_control: { type: 'ephemeral' } },
            { type: 'text', text: 'Be kind.' },
          ],
        },
        user,
      ),
    ],
    [
      'puts text between two pieces into the first',
      'Sort tickets.\nNow.\n\nQueues: a, b.\nBe brief.',
      chat(
        { role: 'developer', content: 'Sort tickets.\nNow.', name: 'policy' },
        ...(several.messages ?? []).slice(1),
      ),
    ],
    [
      'makes one of what it changes on both sides of a boundary',
      'Tickets: Queues: a, b.\nBe brief.',
      chat(
        { role: 'developer', content: 'Tickets: Queues: a, b.', name: 'policy' },
        { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
        user,
      ),
    ],
    [
      'is one message that keeps the fields of the first where nothing is left',
      'new',
      chat({ role: 'developer', content: 'new', name: 'policy' }, user),
    ],
  ])('%s', (_, prompt, expected) => {
    expect(withPrompt(several, prompt)).toEqual(expected);
  });

  test('makes a system message, or instructions, where there is none', () => {
    expect(withPrompt(chat(user), 'new')).toEqual(chat({ role: 'system', content: 'new' }, user));
    expect(withPrompt(responses({ input: 'hi' }), 'new')).toEqual(
      responses({ input: 'hi', instructions: 'new' }),
    );
  });

  test('stands in the instructions, else in the items', () => {
    const input = [{ role: 'system', content: 'b' }];
    expect(withPrompt(responses({ instructions: 'a', input }), 'new')).toEqual(
      responses({ instructions: 'new', input }),
    );
    expect(
      withPrompt(responses({ input: [{ role: 'developer', content: [text('a', { x: 1 })] }] }), 'new'),
    ).toEqual(responses({ input: [{ role: 'developer', content: [text('new', { x: 1 })] }] }));
  });

  test('is what the slot says afterwards, whatever the pieces', () => {
    const words = fc.constantFrom('', 'a', 'b\n\na', 'a\n', '\n\n', 'ab');
    const pieces = fc
      .array(fc.tuple(words, fc.constantFrom('\n', '\n\n')), { minLength: 1, maxLength: 5 })
      .map((list) =>
        list.map(([value, separator], index): PromptPiece => ({
          text: value,
          separator: index === 0 ? '' : separator,
          place: { kind: 'instructions' },
        })),
      );
    const joined = (list: readonly PromptPiece[], texts: readonly (string | null)[]): string =>
      list.map(({ separator }, index) => (texts[index] === null ? '' : separator + texts[index])).join('');
    fc.assert(
      fc.property(pieces, fc.array(words), (list, others) => {
        const own = joined(
          list,
          list.map((piece) => piece.text),
        );
        expect(changedPieces(list, own)).toEqual(list.map((piece) => piece.text));
        const prompt = others.join('\n\n');
        const changed = changedPieces(list, prompt);
        expect(joined(list, changed)).toBe(prompt);
        expect(changed[0]).not.toBeNull();
      }),
    );
  });
});
