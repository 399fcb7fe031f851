import { describe, expect, test } from 'vitest';
import { createAlikeConversations } from './alike-conversations.ts';
import type { Episode } from './episode.ts';
import type { Beginning } from './episode-key.ts';

const owner = { scope: 's', taskId: 't' };
const episode = (episodeId: string): Episode => ({
  episodeId,
  variantId: `variant of ${episodeId}`,
  propensity: 0.5,
  planVersion: 1,
  attribution: 'drawn',
});
const goingOn = (said: string, callIds: readonly string[] = []): Beginning => ({
  key: 'k',
  callIds,
  next: { role: 'user', content: said },
});

/** Conversations `a`, `b`, … that began alike in this order, and what finds them. */
function alike(
  callIds: Readonly<Record<string, readonly string[]>>,
): (beginning: Beginning) => string | undefined {
  const conversations = createAlikeConversations();
  for (const [id, ids] of Object.entries(callIds))
    conversations.add(owner, 'k', { episode: episode(id), callIds: ids });
  return (beginning) => conversations.find(owner, beginning)?.episodeId;
}

describe('of conversations that begin alike', () => {
  test('each takes the later turns of one, from its second turn on', () => {
    const find = alike({ a: [], b: [], c: [] });
    const said = ['one', 'two', 'three'];
    const second = said.map((text) => find(goingOn(text)));
    expect(new Set(second)).toEqual(new Set(['a', 'b', 'c']));
    for (const order of [said, said.toReversed(), said])
      expect(order.map((text) => find(goingOn(text)))).toEqual(
        order.map((text) => second[said.indexOf(text)]),
      );
  });

  test('the newest goes on first, since most older ones have ended', () => {
    const find = alike({ abandoned: [], alive: [] });
    expect(find(goingOn('one'))).toBe('alive');
  });

  test('one that goes on in two ways stays the newest', () => {
    const find = alike({ a: [] });
    expect([find(goingOn('one')), find(goingOn('two')), find(goingOn('one'))]).toEqual(['a', 'a', 'a']);
  });

  test('one that begins later takes no turns of one that has gone on', () => {
    const conversations = createAlikeConversations();
    conversations.add(owner, 'k', { episode: episode('a'), callIds: [] });
    expect(conversations.find(owner, goingOn('one'))?.episodeId).toBe('a');
    conversations.add(owner, 'k', { episode: episode('b'), callIds: [] });
    expect(conversations.find(owner, goingOn('one'))?.episodeId).toBe('a');
    expect(conversations.find(owner, goingOn('two'))?.episodeId).toBe('b');
  });

  test('each is known by the ids of its tool calls', () => {
    const find = alike({ a: ['call_a'], b: ['call_b'], c: [] });
    expect(find(goingOn('same', ['call_a']))).toBe('a');
    expect(find(goingOn('same', ['call_b']))).toBe('b');
    expect(find(goingOn('other', ['made up']))).toBe('c');
  });

  test('those of other tasks and scopes are others', () => {
    const conversations = createAlikeConversations();
    conversations.add(owner, 'k', { episode: episode('a'), callIds: [] });
    expect(conversations.find({ ...owner, scope: 'x' }, goingOn('one'))).toBeUndefined();
    expect(conversations.find({ ...owner, taskId: 'x' }, goingOn('one'))).toBeUndefined();
    expect(conversations.find(owner, { ...goingOn('one'), key: 'x' })).toBeUndefined();
  });
});
