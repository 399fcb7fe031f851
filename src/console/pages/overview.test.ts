import { beforeEach, describe, expect, test } from 'vitest';
import { createApiWorld, plantHistory, type ApiWorld } from '../api/api-world.case.ts';
import { hostile, readPage } from './page.case.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from '../../store/samples.case.ts';

let world: ApiWorld;

beforeEach(() => {
  world = createApiWorld();
});

const shown = async (path: string): Promise<string> => readPage(world, path);

const rowsOf = (page: string): readonly string[] =>
  [...page.matchAll(/<a href="([^"]+)" data-row/g)].map(([, href]) => href ?? '');

describe('the overview', () => {
  test('without a task says how to begin, with the address that the browser has used', async () => {
    const response = await world.request('/console', {
      headers: { host: 'proxy.example:8443', 'x-forwarded-proto': 'https' },
    });
    const page = await response.text();
    expect(page).toContain("baseURL: 'https://proxy.example:8443/v1'");
    expect(page).toContain('curl -i https://proxy.example:8443/v1/chat/completions');
    expect(page).toContain('curl https://proxy.example:8443/v1/feedback');
    expect(page).toContain('&lt;x-ratchet-decision&gt;');
    expect(page).not.toContain('<table');
  });

  test('says which key to set where learning is off, and nothing of it where it is on', async () => {
    expect(await shown('/console')).toMatch(
      /Learning is off:.*no learning key is set[^]*RATCHET_LEARNING_KEY/,
    );
    world = createApiWorld({ learning: { isOn: true, reason: 'by gpt-4o-mini' } });
    expect(await shown('/console')).not.toContain('Learning is off');
  });

  test('has a row for each task: value, interval, reward over time, traffic, campaigns, money', async () => {
    await plantHistory(world.store);
    const page = await shown('/console');
    expect(rowsOf(page)).toEqual(['/console/tasks/triage']);
    expect(page).toContain('Sort support tickets');
    expect(page).toContain('the agent’s own prompt serves');
    expect(page).toMatch(/<svg[^>]*aria-label="The agent’s own prompt 0.000 \(0.000 to 0.\d+\)"/);
    expect(page).toMatch(/<svg[^>]*aria-label="Reward over time, from 0.\d+ to 1.000"/);
    expect(page).toMatch(/<dt>Money today<\/dt>\s*<dd>\s*\$0.50/);
    expect(page).toContain('2 open');
    expect(page).toMatch(/\$0.50\s*<div class="muted small">of \$5.00/);
  });

  test('marks tasks that are paused or pinned', async () => {
    await plantHistory(world.store);
    expect(await shown('/console')).not.toMatch(/>(paused|pinned)</);
    await world.post('/api/tasks/triage/pause', {});
    await world.post('/api/tasks/triage/pin', { variantId: 'baseline' });
    const page = await shown('/console');
    expect(page).toMatch(/>paused</);
    expect(page).toMatch(/>pinned</);
  });

  test('is searched by name, put in order, and leads from part to part', async () => {
    for (let index = 0; index < 60; index += 1)
      await world.store.registerTask(
        sampleTask({ id: `t${index}`, name: `Task ${String(index).padStart(2, '0')}` }),
      );
    const first = await shown('/console?order=name');
    expect(rowsOf(first)).toHaveLength(50);
    expect(first).not.toContain('<dt>Money today</dt>');
    const [, more = ''] = /<a class="button" href="([^"]+)">More tasks/.exec(first) ?? [];
    const second = await shown(more.replaceAll('&amp;', '&'));
    expect(rowsOf(second)).toHaveLength(10);
    expect(rowsOf(second)[0]).toBe('/console/tasks/t50');
    expect(rowsOf(await shown('/console?name=TASK+07'))).toEqual(['/console/tasks/t7']);
    expect(await shown('/console?name=nobody')).toContain('No task of this name');
  });

  test('shows a hostile name as the text that it is', async () => {
    await world.store.registerTask(sampleTask({ id: '"><script>', name: hostile }));
    const page = await shown('/console');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('href="/console/tasks/%22%3E%3Cscript%3E"');
    expect(page.length).toBeLessThan(14_000);
  });

  test('with all that it loads is below 100 kB, also where it is full', async () => {
    for (let task = 0; task < 50; task += 1) {
      await world.store.registerTask(
        sampleTask({ id: `t${task}`, name: `A task with a name of usual length ${task}` }),
      );
      const decisions = Array.from({ length: 24 }, (_, index) =>
        sampleDecision(`d${task}-${index}`, { taskId: `t${task}`, atMs: startMs + index * 1000 }),
      );
      await world.store.recordDecisions(decisions);
      await world.store.recordFeedback(
        decisions.map((decision, index) => sampleFeedback(decision, { value: (index % 5) / 4 })),
      );
    }
    const page = await shown('/console?order=name');
    expect(page.match(/class="spark"/g)).toHaveLength(25);
    const paths = [...page.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)].map(
      ([, path]) => path ?? '',
    );
    expect(new Set(paths).size).toBeGreaterThan(3);
    let bytes = 0;
    for (const path of new Set(paths)) {
      const response = await world.request(path, { headers: { 'accept-encoding': 'gzip' } });
      bytes += (await response.arrayBuffer()).byteLength;
    }
    // The page itself counts as it is, for who takes it no other way.
    expect(page.length + bytes).toBeLessThan(100_000);
  });
});
