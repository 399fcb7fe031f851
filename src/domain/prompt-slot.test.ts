import { describe, expect, test } from 'vitest';
import type { ChatMessage } from './chat.ts';
import { promptSlotOf, withPrompt } from './prompt-slot.ts';

const user: ChatMessage = { role: 'user', content: 'hello' };

describe('the prompt slot', () => {
  test.each<[string, readonly ChatMessage[], { text: string; length: number } | undefined]>([
    ['nothing', [user], { text: '', length: 0 }],
    ['one message', [{ role: 'system', content: 'a' }, user], { text: 'a', length: 1 }],
    [
      'system and developer messages together',
      [{ role: 'system', content: 'a' }, { role: 'developer', content: [{ type: 'text', text: 'b' }] }, user],
      { text: 'a\n\nb', length: 2 },
    ],
    ['only what leads', [user, { role: 'system', content: 'late' }], { text: '', length: 0 }],
    ['no slot where it is not text', [{ role: 'system', content: [{ type: 'image_url' }] }, user], undefined],
    ['no slot without content', [{ role: 'system', content: null }, user], undefined],
  ])('is %s', (_, messages, slot) => {
    expect(promptSlotOf(messages)).toEqual(slot);
  });

  test('takes another prompt in one message that keeps the fields of the first', () => {
    const messages: ChatMessage[] = [
      { role: 'developer', content: 'a', name: 'policy' },
      { role: 'system', content: 'b' },
      user,
    ];
    expect(withPrompt(messages, 'new')).toEqual([
      { role: 'developer', content: 'new', name: 'policy' },
      user,
    ]);
  });

  test('keeps a list of parts a list, with the markers of its first part', () => {
    const content = [
      { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'b' },
    ];
    expect(withPrompt([{ role: 'system', content }, user], 'new')).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'new', cache_control: { type: 'ephemeral' } }] },
      user,
    ]);
  });

  test('makes a system message where there is none', () => {
    expect(withPrompt([user], 'new')).toEqual([{ role: 'system', content: 'new' }, user]);
  });
});
