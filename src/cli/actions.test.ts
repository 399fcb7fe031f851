import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { operatorToken } from '../console/api/api-world.case.ts';
import { sampleVariant } from '../store/samples.case.ts';
import { openServedWorld, runWords, type Outcome, type ServedWorld } from './cli-world.case.ts';

const variant = sampleVariant();
const task = 'Sort support tickets';

/** How a command line reaches the control API, and what the audit log calls whoever gave it. */
const ways: readonly {
  readonly way: string;
  readonly actor: string;
  readonly environmentOf: (address: string) => Record<string, string>;
}[] = [
  { way: 'the database', actor: 'cli:ada', environmentOf: () => ({ USER: 'ada' }) },
  {
    way: 'a server',
    actor: 'ada',
    environmentOf: (address) => ({
      RATCHET_SERVER: address,
      RATCHET_ADMIN_TOKEN: operatorToken.secret,
    }),
  },
];

describe.each(ways)('by $way', ({ actor, environmentOf }) => {
  let world: ServedWorld;

  beforeEach(async () => {
    world = await openServedWorld();
  });
  afterEach(async () => world.close());

  const run = async (...words: readonly string[]): Promise<Outcome> =>
    runWords(words, { folder: world.folder, environment: environmentOf(world.server.address) });
  const done = async (...words: readonly string[]): Promise<string> => {
    const { code, output, errors } = await run(...words);
    expect([code, errors]).toEqual([0, '']);
    return output;
  };
  const planOf = async () => (await world.store.readTask('triage'))?.plan;

  /** Runs the way back that an action has told. */
  async function undo(output: string): Promise<string> {
    const words = /^undo: ratchet (.*)$/m.exec(output)?.[1];
    expect(words).toBeDefined();
    return done(...(words ?? '').split(' ').map((word) => (word === '…' ? 'undone' : word)));
  }

  test('learning pauses and goes on, and says so', async () => {
    const paused = await done('pause', task, '--reason', 'release week');
    expect(paused).toBe(
      'learning of triage stands still; what serves goes on\nundo: ratchet resume triage\n',
    );
    expect(await done('task', task)).toMatch(/learning +paused by ada since/);
    expect(await undo(paused)).toMatch(/^triage learns again\n/);
    expect((await world.store.readGateState('triage'))?.paused).toBeUndefined();
  });

  test('an arm takes all traffic, and gives it back to what was pinned before', async () => {
    const pinned = await done('pin', task, variant.id.slice(0, 5));
    expect(pinned).toContain(`${variant.id} takes all traffic of triage (plan 3)`);
    expect(await done('tasks')).toMatch(/\(pinned\)/);
    const moved = await done('pin', task, 'baseline');
    await undo(moved);
    expect((await planOf())?.pinnedId).toBe(variant.id);
    const free = await undo(pinned);
    expect((await planOf())?.pinnedId).toBeUndefined();
    await undo(free);
    expect((await planOf())?.pinnedId).toBe(variant.id);
  });

  test('a promotion by hand can be taken back', async () => {
    const promoted = await done('promote', 'c1', '--reason', 'legal asks for it');
    expect(promoted).toMatch(/^c1 promoted by hand by ada: /);
    expect((await planOf())?.incumbentId).toBe(variant.id);
    const back = await undo(promoted);
    expect(back).toMatch(/^baseline is the incumbent of triage \(plan 4\)\n/);
    expect(await undo(back)).toContain(`${variant.id} is the incumbent of triage (plan 5)`);
  });

  test('a rollback that takes a canary away says that it is not undone so easily', async () => {
    const output = await done('rollback', 'triage', '--to', '1');
    expect(output).toBe(
      `baseline is the incumbent of triage (plan 3)\ntaken away: ${variant.id}; ratchet propose tries such edits anew\n`,
    );
    expect((await world.store.readCampaign('c1'))?.state).toBe('rolled-back');
  });

  test.each([
    ['--insert', ['--insert', 'Be kind.', '--after', 'Sort', '--intent', 'tone']],
    ['--replace', ['--replace', 'the ticket', '--with', 'this ticket']],
    ['--delete', ['--delete', ' the ticket']],
    ['a file', ['--edits', 'edits.json', '--parent', variant.id]],
  ])('edits are proposed with %s, and taken back', async (_, words) => {
    const edits = [{ op: 'add-example', text: 'Charged twice: billing', intent: 'example' }];
    writeFileSync(join(world.folder, 'edits.json'), JSON.stringify(edits));
    const output = await done('propose', task, ...words);
    const id = /^campaign (\S+) tries/.exec(output)?.[1] ?? '';
    expect(await world.store.readCampaign(id)).toMatchObject({
      state: 'proposed',
      proposal: { optimizer: 'by-hand' },
    });
    expect(await done('campaign', id)).toMatch(/^\S+ {2}proposed, of task triage/);
    await undo(output);
    expect((await world.store.readCampaign(id))?.state).toBe('rejected');
  });

  test.each([
    [
      'an edit without a place',
      ['propose', task, '--delete', 'nowhere'],
      1,
      /edits\.0: its phrase is not in/,
    ],
    ['no edit', ['propose', task], 2, /give one of --insert/],
    ['two edits', ['propose', task, '--insert', 'a', '--delete', 'b'], 2, /give one of --insert/],
    ['half an edit', ['propose', task, '--replace', 'a'], 2, /--with: goes with --replace/],
    [
      'edits that are none',
      ['propose', task, '--edits', 'none.json'],
      2,
      /none\.json cannot be read as JSON/,
    ],
    ['a plan that is not there', ['rollback', task, '--to', '9'], 1, /the task has no plan 9/],
    ['a plan that is none', ['rollback', task, '--to', 'first'], 2, /--to: expected the version/],
    [
      'the plan that serves',
      ['rollback', task, '--to', '2'],
      1,
      /was not rolled back: plan 2 serves nothing/,
    ],
    ['what is no arm', ['pin', task, sampleVariant('Be brief.').id], 1, /was not pinned: .* is no arm/],
    ['no pin', ['unpin', task], 1, /was not unpinned: no variant is pinned/],
    ['what has not passed', ['approve', 'c2'], 1, /c2 was not approved: it is shadow/],
    ['what serves', ['reject', 'c1', '--reason', 'no'], 1, /c1 was not rejected: it is canary/],
    ['forgetting by accident', ['forget', '--decision', 'd1'], 2, /--yes/],
    ['forgetting nothing', ['forget', '--yes'], 2, /give --decision/],
  ])('%s is refused with the reason', async (_, words, code, expected) => {
    const before = await planOf();
    expect(await run(...words)).toMatchObject({ code, output: '', errors: expect.stringMatching(expected) });
    expect(await planOf()).toEqual(before);
  });

  test.each([
    ['a request', ['--decision', 'd3'], 1, 1],
    ['a conversation', ['--episode', 'run-1', '--scope', 'key-1'], 2, 0],
    ['all of a key', ['--scope', 'key-1'], 6, 1],
  ])('the words of %s are gone for good', async (_, words, decisions, feedback) => {
    const output = await done('forget', ...words, '--yes', '--json');
    expect(JSON.parse(output)).toMatchObject({ decisions, feedback });
    const { items } = await world.store.readDecisions({
      taskId: 'triage',
      withText: true,
      order: 'newest',
      limit: 9,
    });
    expect(items.filter(({ hasText }) => !hasText)).toHaveLength(decisions);
  });

  test('the audit log says who did it, what and why', async () => {
    await done('pause', task, '--reason', 'release week');
    await done('promote', 'c1', '--reason', 'legal');
    await done('forget', '--decision', 'd1', '--reason', 'asked for', '--yes');
    const { items } = await world.store.readAudit({ limit: 9 });
    expect(items).toMatchObject([
      { actor, action: 'forget', subject: 'decision d1', reason: 'asked for' },
      { actor, action: 'promote', subject: 'c1', reason: 'legal' },
      { actor, action: 'pause', subject: 'learning', reason: 'release week' },
    ]);
    expect((await world.store.readCampaign('c1'))?.byHand?.by).toBe('ada');
  });
});
