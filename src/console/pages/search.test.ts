import { beforeEach, describe, expect, test } from 'vitest';
import { sampleTask, sampleVariant } from '../../store/samples.case.ts';
import { createApiWorld, plantHistory, type ApiWorld } from '../api/api-world.case.ts';
import { hostileTexts, linksOf, readPage, wordsOf } from './page.case.ts';

let world: ApiWorld;

beforeEach(async () => {
  world = createApiWorld();
  await plantHistory(world.store);
});

const search = (q: string): string => `/console/search?${new URLSearchParams({ q }).toString()}`;

describe('search', () => {
  test.each([
    ['support', '/console/tasks/triage'],
    ['c1', '/console/campaigns/c1'],
    ['d2', '/console/decisions/d2'],
    ['chatcmpl-d2', '/console/decisions/d2'],
    ['run-1', '/console/decisions?episode=run-1'],
    [sampleVariant().id, `/console/tasks/triage/variants/${sampleVariant().id}`],
  ])('for %s, found once, leads straight to it', async (q, place) => {
    const response = await world.request(search(q));
    expect([response.status, response.headers.get('location')]).toEqual([303, place]);
    expect((await world.request(place)).status).toBe(200);
  });

  test('lists what is found more than once', async () => {
    await world.store.registerTask(sampleTask({ id: 'reply', name: 'Answer tickets' }));
    const page = await readPage(world, search('tickets'));
    expect(linksOf(page)).toEqual(['/console/tasks/reply', '/console/tasks/triage']);
    expect(page).toContain('data-rows');
  });

  test('that finds nothing says what can be found', async () => {
    expect(wordsOf(await readPage(world, search('xyz')))).toMatch(
      /Nothing found for “xyz”.*x-ratchet-decision/,
    );
    expect(wordsOf(await readPage(world, '/console/search'))).toContain('What can be found');
  });

  test('shows hostile words as texts, and leads to no other site', async () => {
    for (const text of [...hostileTexts, '//evil.example', 'https://evil.example']) {
      expect(wordsOf(await readPage(world, search(text)))).toContain('Nothing found');
      await world.store.registerTask(sampleTask({ id: text.slice(0, 100), name: text }));
      const response = await world.request(search(text.slice(0, 100)));
      expect(response.headers.get('location') ?? '/console/').toMatch(/^\/console\//);
    }
  });
});
