import { expect, test } from 'vitest';
import { createApiWorld, plantHistory } from '../api/api-world.case.ts';
import { formsOf, linksOf, readPage } from './page.case.ts';

test('every link of the console leads to a page, and every form to an action', async () => {
  const world = createApiWorld();
  await plantHistory(world.store);
  await world.post('/api/campaigns/c2/reject', { reason: 'no' });
  const seen = new Set<string>();
  const waiting = [
    '/console',
    '/console/campaigns',
    '/console/decisions',
    '/console/audit',
    '/console/search',
  ];
  for (let path = waiting.pop(); path !== undefined && seen.size < 150; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    if (path.startsWith('/api/')) {
      expect((await world.get(path)).status, path).toBe(200);
      continue;
    }
    const page = await readPage(world, path);
    waiting.push(...linksOf(page));
    for (const { action } of formsOf(page)) {
      const sent = { 'content-type': 'application/x-www-form-urlencoded' };
      const response = await world.request(action, { method: 'POST', headers: sent, body: 'seen="none"' });
      expect(response.status, `${action} of ${path}`).not.toBe(404);
    }
  }
  expect(seen.size).toBeGreaterThan(20);
});
