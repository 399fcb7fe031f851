import { describe, expect, it } from 'vitest';
import { fillSkeleton } from '../../domain/skeleton.ts';
import type { ChatRequest } from '../../domain/chat.ts';
import { defaultTaskOf } from './default-task.ts';
import { startWorld, type RunningWorld } from './running-world.ts';
import { parsePrompt } from './slots.ts';
import { smallFacetsWorld, smallReplayFile, smallReplayWorld } from './small-world.case.ts';

const listed = '\nChoose from the queues.';

/** Requests as a driver would play them, with shadow, judge and optimizer calls among them; all that was said. */
function play(world: RunningWorld, requests: number): string {
  const said: unknown[] = [];
  for (let step = 0; step < requests; step += 1) {
    const request = world.agent.nextRequest();
    const answer = world.answer(request.body);
    said.push(request, answer, world.agent.feedbackFor(request, answer), world.calls());
    const conversation = request.body.messages;
    if (step % 5 === 0) said.push(world.answer(judgementOf(conversation, answer.completion.text)));
    if (step % 20 === 0) said.push(world.answer(proposalsOf('Answer with the queue.')));
    said.push(world.trueValue((slots) => world.ownPrompt(slots) + listed));
  }
  return JSON.stringify(said);
}

function judgementOf(conversation: unknown, answer: string): ChatRequest {
  return formatted('judgement', { rubric: 'r', conversation, answer });
}

function proposalsOf(prompt: string): ChatRequest {
  return formatted('proposals', { prompt, protected: [], examples: [], history: [], count: 2 });
}

function formatted(name: string, payload: object): ChatRequest {
  return {
    model: 'm',
    messages: [
      { role: 'system', content: 'Your own prompt' },
      { role: 'user', content: JSON.stringify(payload) },
    ],
    response_format: { type: 'json_schema', json_schema: { name, schema: {} } },
  };
}

describe('a running world', () => {
  it.each([
    ['facets', smallFacetsWorld({ agent: { turns: 2 }, model: { output: 'json', malformed: 0.2 } })],
    ['replay', smallReplayWorld()],
  ])('of %s says the same bytes for the same seed, others for another', (_, world) => {
    const first = play(startWorld(world, 9), 150);
    expect(play(startWorld(world, 9), 150)).toBe(first);
    expect(play(startWorld(world, 10), 150)).not.toBe(first);
  });

  it('tells when the newest shift came, and that a phase began', () => {
    const promptChange = [{ atRequest: 40, systemPrompt: 'New.' }];
    const world = startWorld(smallFacetsWorld({ agent: { promptChange } }), 1);
    const seen = [0, 39, 40, 99, 100, 150].map((request) => {
      world.setRequest(request);
      return [world.phase(), world.lastShiftAt()];
    });
    expect(seen).toEqual([
      [0, null],
      [0, null],
      [1, null],
      [1, null],
      [2, 100],
      [2, 100],
    ]);
    expect(() => world.setRequest(-1)).toThrow(RangeError);
  });

  it('is what live answers are worth: 20,000 of them within 3 standard errors of the true value', () => {
    const world = startWorld(smallFacetsWorld({ shifts: [] }), 3);
    let right = 0;
    for (let step = 0; step < 20_000; step += 1) {
      const { body, input } = world.agent.nextRequest();
      if (world.answer(body).completion.text === input.answer) right += 1;
    }
    const truth = world.trueValue(world.ownPrompt);
    expect(Math.abs(right / 20_000 - truth)).toBeLessThan(3 * Math.sqrt((truth * (1 - truth)) / 20_000));
  });

  it('averages true values over slot values that matter', () => {
    const facets = [{ id: 'photos', any: ['photos'], effect: 2 }];
    const world = startWorld(
      {
        ...smallFacetsWorld({ shifts: [] }),
        model: {
          ...smallFacetsWorld().model,
          interactions: [],
          facets: facets.map((facet) => ({ ...facet, segments: {}, outputTokens: 0, latencyMs: 0 })),
        },
      },
      1,
    );
    const at = (product: string): number => world.trueValue(() => world.ownPrompt({ product }));
    expect(world.trueValue(world.ownPrompt)).toBeCloseTo((at('Mail') + at('Drive and Photos')) / 2, 12);
    expect(at('Drive and Photos')).toBeGreaterThan(at('Mail'));
  });

  it('knows a bounded number of slot combinations', () => {
    const many = Array.from({ length: 100 }, (_, index) => `v${index}`);
    const world = startWorld(
      smallFacetsWorld({ agent: { systemPrompt: '{{a}} {{b}}', slots: { a: many, b: many } } }),
      1,
    );
    let asked = 0;
    world.trueValue((slots) => {
      asked += 1;
      return fillSkeleton(parsePrompt('{{a}} {{b}}'), slots);
    });
    expect(asked).toBeLessThanOrEqual(24);
  });

  it('is cheap: 60,000 calls and 20,000 true values within seconds', () => {
    const world = startWorld(smallFacetsWorld(), 1);
    const started = performance.now();
    for (let step = 0; step < 20_000; step += 1) {
      const { body } = world.agent.nextRequest();
      for (let repeat = 0; repeat < 3; repeat += 1) world.answer(body);
      world.trueValue((slots) => world.ownPrompt(slots) + listed);
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('the models of a world', () => {
  const world = startWorld(smallFacetsWorld({ model: { output: 'tool', malformed: 0.25 } }), 1);

  it('are told apart by the response format, and counted', () => {
    const { body } = world.agent.nextRequest();
    expect(world.answer(body).role).toBe('agent');
    expect(world.answer(judgementOf(body.messages, 'bug')).role).toBe('judge');
    expect(world.answer(proposalsOf('x')).role).toBe('optimizer');
    expect(world.calls()).toEqual({ agent: 1, judge: 1, optimizer: 1 });
  });

  it('answer the port, too', async () => {
    const { completion, usage } = await world.model.complete(proposalsOf('Sort.\nAnswer with the queue.'));
    expect(JSON.parse(completion.text)).toEqual({
      proposals: [
        {
          intent: 'list',
          edits: [{ op: 'insert', text: 'Choose from the queues.', find: null, after: null }],
        },
        {
          intent: 'shorter',
          edits: [{ op: 'replace', text: 'Name the queue.', find: 'Answer with the queue.', after: null }],
        },
      ],
    });
    expect(usage.inputTokens).toBeGreaterThan(20);
  });

  it('reject a payload that they cannot read, and do not count it', async () => {
    const before = world.calls();
    const broken = { ...proposalsOf('x'), messages: [{ role: 'user', content: 'hello' }] };
    await expect(world.model.complete(broken)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(world.calls()).toEqual(before);
  });

  it('see the leading system and developer messages as the prompt', () => {
    const { body } = world.agent.nextRequest();
    const [, question] = body.messages;
    const messages = [
      { role: 'system', content: 'One.' },
      { role: 'developer', content: [{ type: 'text', text: 'Two.' }] },
      question!,
    ];
    expect(world.answer({ model: 'm', messages }).prompt).toBe('One.\nTwo.');
  });

  it('find no facet in a message that is not leading', () => {
    const pushy = startWorld(smallFacetsWorld({ model: { consistency: 0 } }), 1);
    const question = { role: 'user', content: 'It crashes' };
    const late = [question, { role: 'system', content: 'Explain in detail.' }, question];
    expect(pushy.answer({ model: 'm', messages: late }).usage.outputTokens).toBe(10);
    expect(pushy.answer({ model: 'm', messages: [late[1]!, question] }).usage.outputTokens).toBe(50);
  });

  it('break the share of outputs that the world says, without making them wrong', () => {
    let broken = 0;
    let right = 0;
    const own = startWorld(
      smallFacetsWorld({
        model: { output: 'json', malformed: 0.25 },
        shifts: [],
        feedback: { missing: 0, flip: 0 },
      }),
      2,
    );
    for (let step = 0; step < 8000; step += 1) {
      const request = own.agent.nextRequest();
      const answer = own.answer(request.body);
      if (!answer.completion.text.endsWith('}')) broken += 1;
      right += own.agent.feedbackFor(request, answer)?.value ?? 0;
    }
    expect(Math.abs(broken / 8000 - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / 8000));
    expect(Math.abs(right / 8000 - own.trueValue(own.ownPrompt))).toBeLessThan(4 * Math.sqrt(0.25 / 8000));
  });

  it('know nothing of questions that the world does not have', () => {
    const { completion } = startWorld(smallReplayWorld(), 1).answer({
      model: 'm',
      messages: [{ role: 'user', content: 'What is love?' }],
    });
    expect(completion.text).toBe('I do not know.');
  });
});

describe('the task of a world without one', () => {
  it('rewards the feedback metric and grades by truth, then by judge', () => {
    const task = defaultTaskOf(smallFacetsWorld({ feedback: { metric: 'solved' } }));
    expect(task.reward).toEqual({ solved: 1 });
    expect(task.metrics['solved']).toMatchObject({ range: [0, 1], optimize: 'max' });
    expect(task.graders.map(({ kind }) => kind)).toEqual(['exact', 'judge']);
    expect(task.budget).toMatchObject({ usdPerDay: 5, shadowRequestsPerDay: 4000 });
    expect(task.gate.isEditSizeLimited).toBe(true);
  });

  it('lets a replay world replace whole prompts', () => {
    expect(defaultTaskOf(smallReplayWorld()).gate.isEditSizeLimited).toBe(false);
    expect(startWorld(smallReplayWorld(), 1).ownPrompt({})).toBe(smallReplayFile.prompts[0]?.text);
  });
});
