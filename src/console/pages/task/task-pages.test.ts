import { beforeEach, describe, expect, test } from 'vitest';
import { editKey } from '../../../domain/edit-key.ts';
import type { CreditReport } from '../../../domain/credit-report.ts';
import { moveCampaign } from '../../../domain/campaign.ts';
import { literalSkeleton } from '../../../domain/skeleton.ts';
import { makeVariant } from '../../../domain/variant.ts';
import {
  sampleCampaign,
  sampleGateState,
  sampleTask,
  sampleVariant,
  startMs,
} from '../../../store/samples.case.ts';
import { createApiWorld, plantHistory, viewerToken, type ApiWorld } from '../../api/api-world.case.ts';
import { formsOf, hostile, hostileTexts, readPage, sendForm, type PageForm } from '../page.case.ts';

const variant = sampleVariant();
const task = '/console/tasks/triage';
const pagesOfTask = [
  task,
  `${task}/variants`,
  `${task}/variants/${variant.id}`,
  `${task}/variants/${variant.id}?against=${sampleVariant('Be brief.').id}`,
  `${task}/variants/baseline`,
  `${task}/plans`,
  `${task}/propose`,
];

let world: ApiWorld;

beforeEach(async () => {
  world = createApiWorld();
  await plantHistory(world.store);
});

const shown = async (path: string, token?: string): Promise<string> => readPage(world, path, token);

const promote = async (): Promise<void> => {
  expect(await world.post('/api/campaigns/c1/promote', { reason: 'asked for' })).toMatchObject({
    status: 200,
  });
};

/** The form of a page that does this. */
function formOf(page: string, action: string): PageForm {
  const form = formsOf(page).find((one) => one.action === action);
  if (form === undefined) throw new Error(`there is no form for ${action}`);
  return form;
}

describe('the page of a task', () => {
  test('says in figures what it delivers and what is left of its budgets', async () => {
    const page = await shown(task);
    expect(page).toContain('<h1><bdi>Sort support tickets</bdi></h1>');
    for (const [title, value] of [
      ['Value now', '0.000'],
      ['Feedback', '5'],
      ['Open campaigns', '2'],
      ['Money today', '\\$0.50'],
      ['Error budget left', '24 of 25'],
    ])
      expect(page).toMatch(new RegExp(`<dt>${title}</dt>\\s*<dd>\\s*${value}`));
  });

  test('tells the reward over time as a picture, as numbers, and to the script that draws it anew', async () => {
    const page = await shown(task);
    expect(page).toMatch(/<svg[^>]*aria-label="Reward over time"/);
    expect(page).toMatch(/<caption>\s*Reward over time/);
    const [, data = ''] = /data-chart-data="([^"]+)"/.exec(page) ?? [];
    const chart: unknown = JSON.parse(data.replaceAll('&quot;', '"'));
    expect(chart).toMatchObject({
      lines: [
        { name: 'own prompt', colour: 0 },
        { name: 'shorter', colour: 1 },
      ],
      unit: 'value',
    });
    expect(page).toMatch(/<script defer src="[^"]+\/uplot.js">/);
    expect(page).toMatch(/<script type="module" src="[^"]+\/series-chart.js">/);
  });

  test('shows the prompt as it serves, each edit marked and numbered, with its worth beside it', async () => {
    await promote();
    const [edit] = variant.edits;
    if (edit === undefined) throw new Error('the variant has an edit');
    const credit: CreditReport = {
      atMs: startMs,
      atFeedback: 6,
      episodes: 6,
      edits: [
        {
          key: editKey(edit),
          edit,
          isServing: true,
          tokens: 5,
          verdict: 'positive',
          reason: null,
          effect: { estimate: 0.2, low: 0.1, high: 0.3 },
          contexts: 1,
          agreement: 1,
          episodesWith: 40,
          episodesWithout: 30,
          isRemovalProposed: false,
        },
      ],
    };
    await world.store.commitGate({ taskId: 'triage', gateState: { ...sampleGateState(2), credit } });
    const page = await shown(task);
    expect(page).toContain('The prompt as it serves now');
    expect(page).toMatch(
      /Sort the ticket\.\s*<ins>Answer with one word\.<\/ins><sup aria-label="edit 1">1<\/sup>/,
    );
    expect(page).toMatch(/>helps</);
    expect(page).toContain('aria-label="+0.200, between +0.100 and +0.300"');
    expect(page).toContain('+5 tokens');
    expect(page).toContain('40 conversations with it, 30 without');
  });

  test('lists arms, campaigns and budgets, and the settings as they hold', async () => {
    const page = await shown(task);
    expect(page).toMatch(/Arms of plan\s+2/);
    expect(page).toContain(`href="${task}/variants/${variant.id}" data-row`);
    expect(page).toContain('Answer with one word.');
    expect(page).toContain('href="/console/campaigns/c1" data-row');
    expect(page).toContain('href="/console/campaigns?task=triage"');
    expect(page).toContain('at most 0.05 promotions without benefit expected');
    expect(page).toMatch(/aria-label="Money by day, the last 30 days, at most \$0.50"/);
    expect(page).toContain('no learning key is set');
    expect(page).toContain('&quot;usdPerDay&quot;: 5');
  });

  test('without traffic says what is missing, and that the agent’s own prompt serves', async () => {
    await world.store.registerTask(sampleTask({ id: 'fresh', name: 'Fresh' }));
    const page = await shown('/console/tasks/fresh');
    expect(page).toContain('No feedback yet');
    expect(page).toContain('The prompt: the agent’s own, unchanged');
    expect(page).toContain('Nothing: what serves has not got worse');
    expect(page).not.toContain('data-chart-data');
  });

  test('of nobody is not there', async () => {
    const response = await world.request('/console/tasks/nobody');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('there is no task');
  });
});

describe('the other pages of a task', () => {
  test('show each variant below the one that it was built upon, with how it stands', async () => {
    const page = await shown(`${task}/variants`);
    expect(page).toMatch(/own prompt<\/a\s*>[^]*<ul class="tree">[^]*shorter/);
    expect(page).toMatch(/>canary<[^]*>shadow<|>shadow<[^]*>canary</);
  });

  test('show what a variant changes, against the agent’s own prompt or another variant', async () => {
    const own = await shown(`${task}/variants/${variant.id}`);
    expect(own).toMatch(/<ins>Answer with one word\.<\/ins>/);
    const other = sampleVariant('Be brief.');
    const page = await shown(`${task}/variants/${variant.id}?against=${other.id}`);
    expect(page).toMatch(/<del>Be<\/del><ins>Answer<\/ins>/);
    expect(page).toMatch(new RegExp(`value="${other.id}"\\s+selected`));
  });

  test('tell every plan with its cause, and offer the way back where it leads somewhere', async () => {
    await promote();
    const page = await shown(`${task}/plans`);
    expect(page).toMatch(
      /Plan 3[^]*serves now[^]*by hand[^]*Plan 2[^]*A canary began[^]*Plan 1[^]*The task began/,
    );
    expect(
      [...page.matchAll(/name="toVersion:number"\s+value="(\d+)"/g)].map(([, version]) => version),
    ).toEqual(['2', '1']);
  });

  test('load no more than a page needs: scripts of charts are for the page with charts', async () => {
    for (const path of pagesOfTask.slice(1)) expect(await shown(path), path).not.toContain('uplot');
  });
});

describe('orders', () => {
  test('are offered to operators alone', async () => {
    for (const path of pagesOfTask) {
      formOf(await shown(path), `${task}/pause`);
      expect(formsOf(await shown(path, viewerToken.secret)), path).toEqual([]);
    }
    expect(await shown(`${task}/propose`, viewerToken.secret)).toContain('needs the role operator');
  });

  test('of every form are done, upon what the person has seen', async () => {
    for (const [path, action, filled] of [
      [task, `${task}/pause`, {}],
      [task, `${task}/resume`, {}],
      [task, `${task}/pin`, { reason: 'release freeze' }],
      [task, `${task}/unpin`, {}],
      [
        `${task}/propose`,
        `${task}/proposals`,
        { 'edits.0.text': 'Name one queue.', 'edits.0.intent': 'one' },
      ],
      [`${task}/plans`, `${task}/roll-back`, { reason: 'not our tone' }],
    ] as const) {
      const response = await sendForm(world, formOf(await shown(path), action), filled);
      expect(response.status, action).toBe(303);
      expect(response.headers.get('location'), action).toMatch(/^\/console\/tasks\/triage/);
    }
    const { body } = await world.get('/api/audit');
    expect(body).toMatchObject({
      items: [
        { action: 'roll-back', reason: 'not our tone' },
        { action: 'propose' },
        { action: 'unpin' },
        { action: 'pin', reason: 'release freeze' },
        { action: 'resume' },
        { action: 'pause' },
      ],
    });
  });

  test('upon a plan that is not the newest any more are refused', async () => {
    const page = await shown(task);
    await promote();
    expect((await sendForm(world, formOf(page, `${task}/pin`))).status).toBe(412);
  });

  test('take several edits as JSON', async () => {
    const forms = formsOf(await shown(`${task}/propose`)).filter(({ action }) =>
      action.endsWith('/proposals'),
    );
    expect(forms.map(({ fields }) => fields['edits.0.op'])).toEqual([
      'insert',
      'replace',
      'delete',
      'move',
      'add-example',
      undefined,
    ]);
    const [form] = forms.slice(-1);
    if (form === undefined) throw new Error('there is no form for JSON');
    const response = await sendForm(world, form, {
      'edits:json': '[{"op":"insert","text":"One.","intent":"a"},{"op":"delete","find":"Sort","intent":"b"}]',
    });
    expect(response.headers.get('location')).toBe(task);
  });
});

describe('texts of others', () => {
  test('are shown as text on every page, and do not fill it', async () => {
    const text = `${hostile} ${'long '.repeat(20_000)}`;
    const id = 'h"><script>';
    const edited = makeVariant(id, 1, [{ op: 'insert', text, intent: hostileTexts[1] ?? '' }]);
    const campaign = sampleCampaign('c<svg onload=alert(3)>', { taskId: id });
    await world.store.registerTask(
      sampleTask({ id, name: text, baseline: { version: 1, skeleton: literalSkeleton(text), stableFor: 1 } }),
    );
    await world.store.addCampaign({
      ...campaign,
      proposal: { ...campaign.proposal, variant: edited, optimizer: hostile },
    });
    const screened = { atMs: startMs, reason: text };
    await world.store.commitGate({
      taskId: id,
      campaigns: [
        moveCampaign(
          { ...campaign, proposal: { ...campaign.proposal, variant: edited } },
          'screened',
          screened,
        ),
      ],
    });
    const at = `/console/tasks/${encodeURIComponent(id)}`;
    for (const below of ['', '/variants', `/variants/${edited.id}`, '/plans', '/propose']) {
      const page = await shown(at + below);
      expect(page, below).toContain('&lt;script&gt;alert(1)');
      expect(page.length, below).toBeLessThan(
        below === '' || below.startsWith('/variants/') ? 400_000 : 100_000,
      );
    }
  });
});
