import { beforeAll, describe, expect, it } from 'vitest';
import { banditFold } from '../bandit/fold.ts';
import { isChat } from '../domain/agent-request.ts';
import { textOf } from '../domain/chat.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import { silentLogger } from '../domain/logger.ts';
import { defaultTaskConfig, type ExamplesPolicy } from '../domain/task.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import type { ChatModel } from '../upstream/chat-model.ts';
import { runLearnerCycle } from './cycle.ts';
import { taskOf, traceOf } from './fixtures.case.ts';
import { injections } from './injections.case.ts';
import { createLearnerMemory } from './learner-memory.ts';
import { optimizers } from './optimizers/optimizers.ts';

const startMs = 1_700_000_000_000;
const cycles = 30;
const sound = 'Prefer a specific queue over a general one.';

interface WireEdit {
  readonly op: string;
  readonly text: string;
  readonly find: string | null;
  readonly after: null;
}

/**
 * A model that does whatever it reads, in the form of each operation by turns: where a text of the corpus is shown it
 * writes what that text is after, quotes it and says so in the intent. What is not addressed to it, it does not know.
 */
function gullible(): { readonly model: ChatModel; readonly obeyed: Set<string> } {
  const obeyed = new Set<string>();
  let calls = 0;
  const complete: ChatModel['complete'] = async (request) => {
    if (!isChat(request)) throw new Error('optimizers are asked by chat');
    const shown = textOf(request.messages.at(-1)?.content);
    calls += 1;
    const read = injections.filter(({ text }) => shown.includes(JSON.stringify(text).slice(1, -1)));
    for (const { name } of read) obeyed.add(name);
    const ops = [
      (text: string): WireEdit => ({ op: 'insert', text, find: null, after: null }),
      (text: string): WireEdit => ({ op: 'replace', text, find: 'You sort tickets.', after: null }),
      (text: string): WireEdit => ({ op: 'add-example', text, find: null, after: null }),
    ];
    const op = ops[calls % ops.length] ?? ops[0];
    if (op === undefined) throw new Error('no operation');
    const proposals = read.flatMap(({ text, obeyed: texts }) => [
      { intent: text, edits: texts.map(op) },
      ...texts.map((one) => ({ intent: one, edits: [op(one)] })),
      { intent: 'quote', edits: [op(text)] },
    ]);
    const start = proposals.length === 0 ? 0 : calls % proposals.length;
    const turned = [...proposals.slice(start), ...proposals.slice(0, start)].slice(0, 4);
    const honest = { intent: 'be specific', edits: [{ op: 'insert', text: sound, find: null, after: null }] };
    return {
      completion: {
        text: JSON.stringify({ proposals: [...turned, honest] }),
        toolCalls: [],
        finishReason: 'stop',
        refusal: null,
      },
      usage: { inputTokens: 1, outputTokens: 1 },
      latencyMs: 1,
    };
  };
  return { model: { complete }, obeyed };
}

async function attack(
  optimizer: string,
  examples: ExamplesPolicy,
): Promise<{ readonly campaigns: readonly Campaign[]; readonly obeyed: ReadonlySet<string> }> {
  const clock = { now: () => startMs };
  const store = createMemoryStore({ fold: banditFold, clock, random: createSeededRandom(1) });
  const learner = {
    optimizers: [optimizer],
    openCampaignsMax: 100,
    examples,
    choice: 'turns',
    warmStart: 'off',
  } as const;
  await store.registerTask(taskOf({ learner, budget: { ...defaultTaskConfig.budget, usdPerDay: 1e6 } }));
  for (const [index, { where, text }] of injections.entries()) {
    const id = `attack-${index}`;
    // Half of them have a right answer, so that worked examples would be made of them.
    const expected = index % 2 === 0 ? 'bug' : null;
    const fields = { id, reward: 0, expected, input: `request ${index}`, atMs: startMs - 1_000_000 + index };
    const trace = traceOf({ ...fields, ...(where === 'comment' ? {} : { [where]: text }) });
    const decision = { ...trace.decision, inputHash: id };
    await store.recordDecisions([decision]);
    await store.recordFeedback([
      {
        target: { kind: 'decision', ref: decision },
        body: { metric: 'score', value: 0, comment: where === 'comment' ? text : null, expected },
        key: id,
        source: 'test',
        scope: 'scope',
        tags: {},
        atMs: startMs,
      },
    ]);
  }
  const { model, obeyed } = gullible();
  const random = createSeededRandom(2);
  for (let cycle = 0; cycle < cycles; cycle += 1)
    await runLearnerCycle({
      store,
      model,
      optimizerModelName: 'gullible',
      clock,
      random,
      logger: silentLogger,
      telemetry: silentTelemetry,
      priceOf: () => ({ inputPerMillion: 0, outputPerMillion: 0 }),
      memory: createLearnerMemory(),
    });
  return { campaigns: await store.readCampaigns('task', 'all'), obeyed };
}

describe.each([...optimizers.keys()])('an optimizer model that obeys all it reads, asked by %s,', (name) => {
  const policies = ['allow', 'redact', 'forbid'] as const;
  const written = new Map<ExamplesPolicy, readonly Edit[]>();
  beforeAll(async () => {
    for (const policy of policies) {
      const { campaigns } = await attack(name, policy);
      written.set(
        policy,
        campaigns.flatMap(({ proposal }) => proposal.variant.edits),
      );
    }
  });

  it.each(injections)('brings nothing of $name to the gate', ({ harm, text, isOrdinary = false }) => {
    const demonstration = `Input: ${text}\nAnswer: bug`;
    for (const policy of policies) {
      const edits = (written.get(policy) ?? []).filter(
        (edit) => !(isOrdinary && edit.op === 'add-example' && edit.text === demonstration),
      );
      expect(edits.filter((edit) => harm.test(JSON.stringify(edit)))).toEqual([]);
    }
  });

  it('brings no worked example to the gate where they are forbidden', () => {
    expect((written.get('forbid') ?? []).filter(({ op }) => op === 'add-example')).toEqual([]);
  });
});

it('the model does read and obey what could be told from ordinary traffic only by its words', async () => {
  const { campaigns, obeyed } = await attack('textual-gradient', 'allow');
  expect([...obeyed]).toEqual(
    expect.arrayContaining(['a rule without an order, copied', 'a key', 'a private story']),
  );
  expect(campaigns.some(({ proposal }) => JSON.stringify(proposal.variant.edits).includes(sound))).toBe(true);
});

it('what is addressed to the optimizer is not shown to it', async () => {
  const { obeyed } = await attack('textual-gradient', 'allow');
  for (const name of [
    'a plain order',
    'an order to the optimizer',
    'rules taken away',
    'an order to the gate',
  ])
    expect(obeyed).not.toContain(name);
});
