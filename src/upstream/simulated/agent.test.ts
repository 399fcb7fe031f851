import { describe, expect, it } from 'vitest';
import { leadingPrompt } from './conversation.ts';
import { writeAnswer } from './answer-form.ts';
import { startWorld } from './running-world.ts';
import { smallFacetsWorld } from './small-world.case.ts';

const silent = { missing: 0, flip: 0, delayRequests: [0, 0] };

function served(answer: string, prompt = ''): { completion: ReturnType<typeof writeAnswer>; prompt: string } {
  return { completion: writeAnswer(answer, 'text', false), prompt };
}

describe('an agent', () => {
  it('numbers its requests and moves the world along', () => {
    const world = startWorld(smallFacetsWorld(), 1);
    expect([0, 1, 2].map(() => world.agent.nextRequest().number)).toEqual([0, 1, 2]);
    expect(world.request()).toBe(2);
  });

  it('draws inputs and slot values evenly', () => {
    const { agent } = startWorld(smallFacetsWorld(), 1);
    const requests = Array.from({ length: 9000 }, () => agent.nextRequest());
    const shareOf = (holds: (request: (typeof requests)[number]) => boolean): number =>
      requests.filter(holds).length / requests.length;
    for (const answer of ['billing', 'bug', 'account'])
      expect(Math.abs(shareOf(({ input }) => input.answer === answer) - 1 / 3)).toBeLessThan(
        4 * Math.sqrt(0.222 / 9000),
      );
    const mail = shareOf(({ slots, input }) => slots['product'] === 'Mail' && input.answer === 'bug');
    expect(Math.abs(mail - 1 / 6)).toBeLessThan(4 * Math.sqrt(0.139 / 9000));
  });

  it('sends its own prompt with the slots filled, then the input', () => {
    const { agent } = startWorld(smallFacetsWorld(), 1);
    const { body, slots, input, episode, turn } = agent.nextRequest();
    expect(body.messages).toEqual([
      { role: 'system', content: `Sort the tickets of ${slots['product']}.\nAnswer with the queue.` },
      { role: 'user', content: input.text },
    ]);
    expect([episode, turn]).toEqual([null, 1]);
  });

  it('ships a new prompt at the given request', () => {
    const promptChange = [{ atRequest: 2, systemPrompt: 'New for {{product}}.' }];
    const { agent } = startWorld(smallFacetsWorld({ agent: { promptChange } }), 1);
    const prompts = [0, 1, 2, 3].map(() => leadingPrompt(agent.nextRequest().body.messages));
    expect(prompts.map((prompt) => prompt.startsWith('New for '))).toEqual([false, false, true, true]);
  });

  it('asks for the form of output that its world has', () => {
    const bodyWith = (output: string): object =>
      startWorld(smallFacetsWorld({ model: { output } }), 1).agent.nextRequest().body;
    expect(bodyWith('json')).toHaveProperty('response_format.json_schema.name', 'answer');
    expect(bodyWith('tool')).toHaveProperty('tools.0.function.name', 'answer');
    expect(Object.keys(bodyWith('text'))).toEqual(['model', 'messages']);
  });
});

describe('feedback on an answer', () => {
  it('tells right from wrong', () => {
    const { agent } = startWorld(smallFacetsWorld({ feedback: silent }), 1);
    const good = agent.nextRequest();
    expect(agent.feedbackFor(good, served(good.input.answer))?.value).toBe(1);
    const bad = agent.nextRequest();
    expect(agent.feedbackFor(bad, served('other'))?.value).toBe(0);
  });

  it('goes missing by the facets of the prompt that reached the model, not of the one sent', () => {
    const feedback = { ...silent, missingByFacet: { verbose: 1 } };
    const { agent } = startWorld(smallFacetsWorld({ feedback }), 1);
    const request = agent.nextRequest();
    expect(agent.feedbackFor(request, served('bug', 'Please EXPLAIN in  detail.'))).toBeUndefined();
    const other = agent.nextRequest();
    expect(agent.feedbackFor(other, served('bug', 'Be brief.'))).toBeDefined();
  });

  it('is given once, and not for a request that failed', () => {
    const { agent } = startWorld(smallFacetsWorld({ feedback: silent }), 1);
    const request = agent.nextRequest();
    expect(agent.feedbackFor(request, served('bug'))).toBeDefined();
    expect(agent.feedbackFor(request, served('bug'))).toBeUndefined();
    expect(agent.feedbackFor(agent.nextRequest(), undefined)).toBeUndefined();
  });
});

describe('an episode', () => {
  const episodes = (level: string, model = {}): ReturnType<typeof startWorld> =>
    startWorld(smallFacetsWorld({ agent: { turns: 3 }, feedback: { ...silent, level }, model }), 2);

  it('carries its earlier turns, its prompt and its name until it ends', () => {
    const { agent } = episodes('request');
    const first = agent.nextRequest();
    agent.feedbackFor(first, served('one'));
    const second = agent.nextRequest();
    agent.feedbackFor(second, served('two'));
    const third = agent.nextRequest();
    agent.feedbackFor(third, served('three'));
    const next = agent.nextRequest();
    expect([first, second, third, next].map(({ turn }) => turn)).toEqual([1, 2, 3, 1]);
    expect(new Set([first, second, third].map(({ episode }) => episode)).size).toBe(1);
    expect(next.episode).not.toBe(first.episode);
    expect(third.body.messages).toEqual([
      ...first.body.messages,
      { role: 'assistant', content: 'one' },
      { role: 'user', content: second.input.text },
      { role: 'assistant', content: 'two' },
      { role: 'user', content: third.input.text },
    ]);
    expect(third.slots).toEqual(first.slots);
  });

  it('gets one value, the mean of its turns, after the last one', () => {
    const { agent } = episodes('episode');
    const plans = [0, 1, 2].map((turn) => {
      const request = agent.nextRequest();
      return agent.feedbackFor(request, served(turn === 1 ? 'other' : request.input.answer));
    });
    expect(plans.slice(0, 2)).toEqual([undefined, undefined]);
    expect(plans[2]).toMatchObject({ request: 2, episode: 'episode-0', value: 2 / 3 });
  });

  it('gets a value for each turn where the level says so', () => {
    const { agent } = episodes('request');
    const values = [0, 1, 2].map(() => agent.feedbackFor(agent.nextRequest(), served('other')));
    expect(values).toMatchObject([{ value: 0, episode: null }, { value: 0 }, { value: 0 }]);
  });

  it('ends with a request that failed', () => {
    const { agent } = episodes('request');
    agent.feedbackFor(agent.nextRequest(), undefined);
    expect(agent.nextRequest().turn).toBe(1);
  });

  it('may run beside others', () => {
    const { agent } = episodes('request');
    const [one, other] = [agent.nextRequest(), agent.nextRequest()];
    expect(one.episode).not.toBe(other.episode);
    agent.feedbackFor(other, served('x'));
    agent.feedbackFor(one, served('y'));
    expect([agent.nextRequest(), agent.nextRequest()].map(({ episode, turn }) => [episode, turn])).toEqual([
      [other.episode, 2],
      [one.episode, 2],
    ]);
  });

  it('answers the calls of its tools before it goes on', () => {
    const { agent } = episodes('request', { output: 'tool' });
    agent.feedbackFor(agent.nextRequest(), { completion: writeAnswer('bug', 'tool', false), prompt: '' });
    const roles = agent.nextRequest().body.messages.map(({ role }) => role);
    expect(roles).toEqual(['system', 'user', 'assistant', 'tool', 'user']);
  });
});
