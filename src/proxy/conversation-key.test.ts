import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../domain/chat.ts';
import {
  answerIn,
  createConversationKeys,
  firstAnswerIndex,
  openingOf,
  type FirstAnswer,
} from './conversation-key.ts';

const keys = createConversationKeys('secret');
const opening = { scope: 's', prompt: 'p', firstUserText: 'u' };
const answer = (text: string, toolCalls: FirstAnswer['toolCalls'] = []): FirstAnswer => ({ text, toolCalls });

describe('the key of a conversation', () => {
  test('is the same for the answer as it was given and as it comes back', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, value) => {
        const given = answer(`${text}x`, [{ name: 'f', arguments: JSON.stringify(value) }]);
        const messages: ChatMessage[] = [
          { role: 'system', content: 'p' },
          { role: 'user', content: 'u' },
          {
            role: 'assistant',
            content: ` ${text}x\n`,
            tool_calls: [
              { id: 'made-up', function: { name: 'f', arguments: JSON.stringify(value, null, 2) } },
            ],
          },
          { role: 'user', content: 'more' },
        ];
        const index = firstAnswerIndex(messages) ?? -1;
        const back = messages[index];
        if (back === undefined) throw new Error('no answer');
        const opened = openingOf(messages.slice(0, index), { scope: 's', prompt: 'p' });
        expect(keys(opened, answerIn(back))).toBe(keys(opening, given));
      }),
    );
  });

  test('tells apart whatever differs', () => {
    const all = [
      keys(opening, answer('a')),
      keys({ ...opening, scope: 't' }, answer('a')),
      keys({ ...opening, prompt: 'q' }, answer('a')),
      keys({ ...opening, firstUserText: 'v' }, answer('a')),
      keys({ ...opening, prompt: 'pu', firstUserText: '' }, answer('a')),
      keys(opening, answer('b')),
      keys(opening, answer('a', [{ name: 'f', arguments: '{}' }])),
      keys(opening, answer('', [{ name: 'f', arguments: '{}' }])),
      keys(opening, answer('', [{ name: 'f', arguments: '{"x":1}' }])),
      createConversationKeys('other')(opening, answer('a')),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test('does not exist where nothing was said', () => {
    expect(keys(opening, answer(' \n'))).toBeNull();
    expect(firstAnswerIndex([{ role: 'user', content: 'u' }])).toBeUndefined();
  });

  test.each([
    ['a custom tool', { tool_calls: [{ id: 'c', custom: { name: 'f', input: 'x' } }] }],
    ['a function of old', { function_call: { name: 'f', arguments: 'x' } }],
  ])('counts the call of %s', (_, fields) => {
    const said = answerIn({ role: 'assistant', content: null, ...fields });
    expect(said).toEqual(answer('', [{ name: 'f', arguments: 'x' }]));
  });
});
