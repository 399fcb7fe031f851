import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { smallFacetsFile, smallReplayFile } from './small-world.case.ts';
import { parseWorld } from './world.schema.ts';

const ownWorlds = join(import.meta.dirname, '../../../worlds');
const furtherWorlds = process.env['RATCHET_WORLDS_DIR'] ?? '';

function filesIn(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.json'));
}

function faultOf(value: unknown): RatchetError {
  try {
    parseWorld(value);
  } catch (error) {
    if (error instanceof RatchetError) return error;
    throw error;
  }
  throw new Error('the world was accepted');
}

describe('a world with nothing optional', () => {
  const facets = parseWorld({
    kind: 'facets',
    name: 'bare',
    agent: { systemPrompt: 'Answer.', inputs: [{ text: '2 + 2', answer: '4' }] },
    model: { baseAccuracy: 0.5 },
  });
  const replay = parseWorld({
    kind: 'replay',
    name: 'bare',
    prompts: [{ id: 'p', text: 'Answer.' }],
    baseline: 'p',
    items: [{ id: 'i', text: '2 + 2', answer: '4' }],
    accuracy: { m: { p: 0.5 } },
    model: 'm',
  });
  const settings = {
    requestsPerDay: 2000,
    prices: { inputPerMillion: 0.15, outputPerMillion: 0.6 },
    task: null,
    judge: { falsePass: 0, falseFail: 0, facetBias: {}, orderBias: 0 },
    feedback: {
      metric: 'score',
      delayRequests: [0, 0],
      missing: 0,
      missingByFacet: {},
      flip: 0,
      withExpected: 0,
      withComment: 0,
      level: 'request',
    },
  };

  it('has the defaults of facets', () => {
    expect(facets).toEqual({
      kind: 'facets',
      name: 'bare',
      ...settings,
      agent: {
        systemPrompt: 'Answer.',
        slots: {},
        inputs: [{ text: '2 + 2', answer: '4', segment: null, difficulty: 0 }],
        turns: 1,
        promptChange: [],
      },
      model: {
        baseAccuracy: 0.5,
        consistency: 0.5,
        wrongAnswers: [],
        promptTokenPenalty: 0,
        outputTokens: 20,
        latencyMs: 300,
        facets: [],
        interactions: [],
        output: 'text',
        malformed: 0,
      },
      shifts: [],
      optimizer: { insight: 0, facets: [], edits: [] },
    });
  });

  it('has the defaults of replay', () => {
    expect(replay).toEqual({
      kind: 'replay',
      name: 'bare',
      ...settings,
      source: null,
      prompts: [{ id: 'p', text: 'Answer.' }],
      baseline: 'p',
      items: [{ id: 'i', text: '2 + 2', answer: '4', segment: null }],
      outcomes: {},
      accuracy: { m: { p: 0.5 } },
      model: 'm',
      shifts: [],
      optimizer: { insight: 0, facets: [] },
    });
  });
});

describe('a world file', () => {
  it('keeps the task configuration as it stands', () => {
    const task = { reward: { score: 1 }, gate: { alpha: 0.1 }, graders: [{ kind: 'exact' }] };
    expect(parseWorld({ ...smallFacetsFile, task }).task).toEqual(task);
  });

  it('may list shifts in any order', () => {
    const shifts = [{ atRequest: 9 }, { atRequest: 3 }];
    expect(parseWorld({ ...smallFacetsFile, shifts }).shifts.map(({ atRequest }) => atRequest)).toEqual([
      3, 9,
    ]);
  });

  it('may repeat an input, to have it drawn more often', () => {
    const input = smallFacetsFile.agent.inputs[0];
    const agent = { ...smallFacetsFile.agent, inputs: [input, input] };
    expect(parseWorld({ ...smallFacetsFile, agent })).toMatchObject({ agent: { inputs: { length: 2 } } });
  });
});

/** Puts a value at a path of a copy; `undefined` takes it away. */
function changed(file: object, path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(file) as Record<string | number, unknown>;
  let place = copy;
  for (const key of path.slice(0, -1)) place = place[key] as typeof copy;
  place[path.at(-1) ?? ''] = value;
  return JSON.parse(JSON.stringify(copy));
}

describe('a malformed world names the field and the fix', () => {
  it.each([
    [['color'], 'red', 'color', /not a known field.*kind, name/],
    [['agent', 'prompt'], 'x', 'agent.prompt', /use one of: systemPrompt, slots/],
    [['model', 'facets', 0, 'efect'], 1, 'model.facets[0].efect', /use one of: id, any, effect/],
    [['optimizer', 'edits', 1, 'find'], 'x', 'optimizer.edits[1].find', /use one of: op, intent/],
    [['shifts', 0, 'facets', 'listed', 'any'], ['x'], 'shifts[0].facets.listed.any', /not a known field/],
    [['feedback', 'delay'], 3, 'feedback.delay', /not a known field/],
    [['kind'], 'fasets', 'kind', /"facets" or "replay"/],
    [['name'], undefined, 'name', /missing/],
    [['agent', 'inputs', 2, 'answer'], undefined, 'agent.inputs[2].answer', /missing/],
    [['agent', 'inputs'], [], 'agent.inputs', /at least one/],
    [['agent', 'turns'], 0, 'agent.turns', /1 or more/],
    [['agent', 'slots', 'product'], [], 'agent.slots.product', /at least one value/],
    [['agent', 'systemPrompt'], 'For {{who}}', 'agent.systemPrompt', /\{\{who\}\}.*agent\.slots/],
    [
      ['agent', 'promptChange'],
      [{ atRequest: 5, systemPrompt: '{{x}}' }],
      'agent.promptChange[0].systemPrompt',
      /\{\{x\}\}/,
    ],
    [['agent', 'inputs', 1, 'text'], 'Charged twice', 'agent.inputs[1].text', /different/],
    [['model', 'baseAccuracy'], 1.2, 'model.baseAccuracy', /1 or less/],
    [['model', 'consistency'], '0.5', 'model.consistency', /expected number/],
    [['model', 'facets', 1, 'id'], 'listed', 'model.facets[1].id', /choose another/],
    [['model', 'interactions', 0, 'facets', 1], 'wordy', 'model.interactions[0].facets[1]', /"wordy"/],
    [['shifts', 0, 'facets', 'wordy'], { effect: 1 }, 'shifts[0].facets.wordy', /"wordy"/],
    [['shifts', 0, 'atRequest'], -1, 'shifts[0].atRequest', /0 or more/],
    [['judge', 'facetBias', 'wordy'], 0.1, 'judge.facetBias.wordy', /"wordy"/],
    [['feedback', 'missingByFacet'], { wordy: 0.1 }, 'feedback.missingByFacet.wordy', /"wordy"/],
    [['feedback', 'delayRequests'], [9, 3], 'feedback.delayRequests', /swap/],
    [['optimizer', 'edits', 0, 'op'], 'rewrite', 'optimizer.edits[0].op', /insert/],
    [['task'], 'support', 'task', /expected record/],
  ])('%j = %j', (path, value, param, message) => {
    const fault = faultOf(changed(smallFacetsFile, path, value));
    expect(fault).toMatchObject({ code: 'invalid_world', param });
    expect(fault.message).toMatch(message);
    expect(fault.message).toContain(param);
  });

  it.each([
    [['baseline'], 'none', 'baseline', /"none"/],
    [['outcomes', 'old', 'plain'], '101', 'outcomes.old.plain', /4 characters/],
    [['outcomes', 'old', 'plain'], '10x1', 'outcomes.old.plain', /0 or 1/],
    [['outcomes', 'old', 'lost'], '1010', 'outcomes.old.lost', /"lost"/],
    [['accuracy', 'new', 'plain'], 90, 'accuracy.new.plain', /1 or less/],
    [['model'], 'unheard', 'model', /"unheard"/],
    [['shifts', 0, 'model'], 'unheard', 'shifts[0].model', /"unheard"/],
    [['optimizer'], { edits: [] }, 'optimizer.edits', /use one of: insight, facets/],
    [['judge'], { facetBias: { listed: 0.1 } }, 'judge.facetBias.listed', /"listed"/],
    [['prompts', 1, 'id'], 'plain', 'prompts[1].id', /choose another/],
  ])('of kind replay: %j = %j', (path, value, param, message) => {
    const fault = faultOf(changed(smallReplayFile, path, value));
    expect(fault).toMatchObject({ code: 'invalid_world', param });
    expect(fault.message).toMatch(message);
  });

  it.each([[null], [3], [[]], ['world'], [undefined]])('%j is no world at all', (value) => {
    expect(faultOf(value)).toMatchObject({ code: 'invalid_world', param: '' });
  });
});

describe('the worlds of this repository', () => {
  it.each(filesIn(ownWorlds))('%s is a world', (file) => {
    const world = parseWorld(JSON.parse(readFileSync(join(ownWorlds, file), 'utf8')));
    expect(`${world.name}.json`).toBe(file);
  });

  it('include the examples of their own documentation', () => {
    const page = readFileSync(join(ownWorlds, 'README.md'), 'utf8');
    const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map(
      ([, json]) => JSON.parse(json ?? '') as unknown,
    );
    expect(examples.map((example) => parseWorld(example).kind)).toEqual(['facets', 'replay']);
  });
});

describe.skipIf(furtherWorlds === '')('the worlds in the folder RATCHET_WORLDS_DIR', () => {
  it('are all worlds', () => {
    const files = filesIn(furtherWorlds);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const value: unknown = JSON.parse(readFileSync(join(furtherWorlds, file), 'utf8'));
      expect(() => parseWorld(value), file).not.toThrow();
    }
  });
});
