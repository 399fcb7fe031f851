import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { parseWorld } from '../../src/upstream/simulated/world.schema.ts';
import { firstPromotions, promotionsOf, type Promotions } from './promotions-of.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A world in which one kind of edit is worth something, and who proposes in it. */
interface Scene {
  readonly facets: readonly Fields[];
  readonly edits: readonly Fields[];
  readonly interactions?: readonly Fields[];
  /** Share of the optimizer model's choices that are made with insight; default 0.9. */
  readonly insight?: number;
  readonly openCampaigns?: number;
  readonly optimizers: readonly string[];
  readonly gate?: Fields;
  readonly requests: number;
}

const useful = (id: string, any: readonly string[]): Fields => ({ id, any, effect: 1.4 });
const idle = { intent: 'idle', op: 'insert', text: 'Be courteous.' };

const compositions: readonly Fields[] = [
  ['Draft', 'Check', 'Answer'],
  ['Facts', 'Rule', 'Answer'],
  ['Plan', 'Steps', 'Answer'],
  ['Options', 'Choice'],
].map((sections) => ({
  intent: 'compose',
  op: 'insert',
  text: sections.map((section) => `${section}: weigh the clause.`).join('\n'),
}));

const scenes: Readonly<Record<string, Scene>> = {
  exemplars: {
    facets: [useful('demonstrated', ['Answer: payment', 'Answer: ownership', 'Answer: termination'])],
    edits: [idle],
    optimizers: ['exemplars'],
    requests: 1_400,
  },
  rephrase: {
    facets: [useful('reworded', ['Settle which topic'])],
    edits: [
      { intent: 'reword', op: 'replace', find: 'Read the clause', text: 'Settle which topic the clause has' },
      { intent: 'reword', op: 'replace', find: 'You help the legal team', text: 'You work for the lawyers' },
    ],
    optimizers: ['rephrase'],
    requests: 1_400,
  },
  structure: {
    facets: [useful('composed', ['weigh the clause'])],
    edits: [...compositions, idle],
    optimizers: ['structure'],
    requests: 1_400,
  },
  // What the first edit is worth is gone once the second is there.
  prune: {
    facets: [useful('one', ['who owes what']), { ...useful('two', ['in a single word']), effect: 2.4 }],
    interactions: [{ facets: ['one', 'two'], effect: -1.4 }],
    edits: [
      { intent: 'one', op: 'insert', text: 'First settle who owes what to whom.', weight: 20 },
      { intent: 'two', op: 'insert', text: 'Answer in a single word.' },
    ],
    insight: 0,
    optimizers: ['opro', 'prune'],
    openCampaigns: 1,
    gate: { margin: 0.15 },
    requests: 9_000,
  },
};

async function run(name: string, seed: number): Promise<Promotions> {
  const scene = scenes[name];
  if (scene === undefined) throw new Error(`no scene for ${name}`);
  const text = await readFile(join(packageRoot(), 'worlds', 'contract-clauses.json'), 'utf8');
  const file = JSON.parse(text) as {
    readonly model: Fields;
    readonly judge: Fields;
    readonly feedback: Fields;
  };
  const world = parseWorld({
    ...file,
    model: { ...file.model, facets: scene.facets, interactions: scene.interactions ?? [] },
    judge: { ...file.judge, facetBias: {} },
    feedback: { ...file.feedback, missingByFacet: {}, withExpected: 0.5 },
    optimizer: { insight: scene.insight ?? 0.9, edits: scene.edits },
    shifts: [],
  });
  const { optimizers, openCampaigns = 4, gate, requests } = scene;
  const learner = { optimizers, choice: 'turns', open_campaigns: openCampaigns };
  const task = { learner, ...(gate === undefined ? {} : { gate }) };
  return promotionsOf(name, world, { task, seed, requests });
}

it.each(Object.keys(scenes))('%s gets an edit promoted, and none that does harm', async (name) => {
  const found = await firstPromotions((seed) => run(name, seed));
  expect(found.harmful).toBe(0);
  expect(found.promoted).toBeGreaterThan(0);
});
