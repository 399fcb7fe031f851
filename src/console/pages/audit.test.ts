import { beforeEach, describe, expect, test } from 'vitest';
import { sampleTask } from '../../store/samples.case.ts';
import { createApiWorld, plantHistory, type ApiWorld } from '../api/api-world.case.ts';
import { hostile, linksOf, readPage, wordsOf } from './page.case.ts';

let world: ApiWorld;

beforeEach(async () => {
  world = createApiWorld();
  await plantHistory(world.store);
});

describe('the page of the audit log', () => {
  test('says who did what, to what, from what to what, and why', async () => {
    await world.post('/api/tasks/triage/pause', { reason: 'release freeze' });
    await world.post('/api/campaigns/c2/reject', { reason: 'too informal' });
    const page = await readPage(world, '/console/audit');
    expect(wordsOf(page)).toContain(
      'ada reject c2 just now Sort support tickets shadow → rejected “too informal” ada pause learning just now Sort support tickets on → paused “release freeze”',
    );
    expect(linksOf(page)).toContain('/console/campaigns/c2');
  });

  test('tells every change beside it, and looks of the gate that changed nothing as one', async () => {
    const campaign = await world.store.readCampaign('c2');
    if (campaign === undefined) throw new Error('there is no campaign c2');
    for (const more of [1, 2, 3])
      await world.store.commitGate({
        taskId: 'triage',
        campaigns: [{ ...campaign, revision: campaign.revision + more }],
      });
    const words = wordsOf(await readPage(world, '/console/audit'));
    expect(words.match(/shadow c2/g)).toHaveLength(1);
    expect(words).toContain('plan 2 A canary began: c1');
    expect(words).toContain('task A task was found: triage');
  });

  test('goes back in both logs, each by itself, without leaving anything out', async () => {
    for (let index = 0; index < 25; index += 1) {
      await world.post('/api/tasks/triage/pause', { reason: `freeze ${index}` });
      await world.post('/api/tasks/triage/resume', {});
    }
    const seen = { orders: 0, changes: 0 };
    let links = ['/console/audit'];
    for (let turn = 0; turn < 9 && links.length > 0; turn += 1) {
      const page = await readPage(world, links[0] ?? '');
      seen.orders += wordsOf(page).match(/“freeze \d+”/g)?.length ?? 0;
      links = linksOf(page).filter((link) => link.includes('cursor=') && !link.includes('before='));
    }
    links = ['/console/audit'];
    for (let turn = 0; turn < 9 && links.length > 0; turn += 1) {
      const page = await readPage(world, links[0] ?? '');
      seen.changes += wordsOf(page).match(/ada: (?:pause|resume)/g)?.length ?? 0;
      links = linksOf(page).filter((link) => link.includes('before=') && !link.includes('cursor='));
    }
    expect(seen).toEqual({ orders: 25, changes: 50 });
  });

  test('is kept to one task', async () => {
    await world.store.registerTask(sampleTask({ id: 'reply', name: 'Answer' }));
    await world.post('/api/tasks/triage/pause', { reason: 'release freeze' });
    const words = wordsOf(await readPage(world, '/console/audit?task=reply'));
    expect(words).not.toContain('release freeze');
    expect(words).toContain('A task was found: reply');
    expect(words).not.toContain('canary');
  });

  test('teaches where nobody has ordered anything', async () => {
    const words = wordsOf(await readPage(createApiWorld(), '/console/audit'));
    expect(words).toContain('Nobody has ordered anything yet.');
    expect(words).toContain('Nothing has changed yet');
  });

  test('shows hostile reasons, names and ids as texts', async () => {
    await world.store.registerTask(sampleTask({ id: 't"><b>', name: hostile }));
    await world.post(`/api/tasks/${encodeURIComponent('t"><b>')}/pause`, { reason: hostile.slice(0, 900) });
    await world.post('/api/forget', { target: { kind: 'scope', scope: '"><script>alert(1)</script>' } });
    const words = wordsOf(await readPage(world, '/console/audit'));
    expect(words).toContain('<script>alert(1)</script>');
  });
});
