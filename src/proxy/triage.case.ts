import type { AgentRequest } from '../domain/agent-request.ts';
import type { ResponsesRequest } from '../domain/responses.ts';
import { makeVariant, type Variant } from '../domain/variant.ts';
import { sentRequest } from './rewrite.ts';
import type { RoutedRoute } from './route-result.ts';
import {
  addressedEdit,
  chat,
  createRouterWorld,
  type Headers,
  type PlanChange,
  type RouterWorld,
  type WorldSettings,
} from './router.case.ts';
import { namedTaskId } from './task-directory.ts';

export const prompt = 'You sort support tickets of Acme Mail. Answer with the name of the queue.';
export const triage: Headers = { 'x-ratchet-task': 'triage' };
export const triageId: string = namedTaskId('triage', 'local');

/** Enough requests to tell a draw by half from one that is not. */
export const numbers: readonly number[] = Array.from({ length: 200 }, (_, n) => n);

/** A store that hangs. */
export const never = (): Promise<never> => new Promise(() => {});

/** A world whose task `triage` gives all its traffic to one edited variant. */
export async function withVariant(
  world: RouterWorld,
): Promise<{ readonly variant: Variant; readonly edited: string }> {
  await world.serve(chat(prompt), triage);
  await world.refresh();
  const variant = makeVariant(triageId, 1, [addressedEdit]);
  world.setPlan(triageId, { variants: [variant], probabilities: { baseline: 0, [variant.id]: 1 } });
  return { variant, edited: `${prompt}\nBe brief.` };
}

/** A world whose task `triage` gives half of its traffic to an edited variant. */
export async function halved(
  settings: WorldSettings = {},
): Promise<RouterWorld & { readonly variant: Variant }> {
  const world = createRouterWorld(settings);
  await world.serve(chat(prompt), triage);
  await world.refresh();
  const variant = makeVariant(triageId, 1, [addressedEdit]);
  world.setPlan(triageId, half(variant));
  return { ...world, variant };
}

const half = (variant: Variant): PlanChange => ({
  variants: [variant],
  probabilities: { baseline: 0.5, [variant.id]: 0.5 },
});

/** Another process over the same store, that has seen nothing yet. */
export function restarted(world: RouterWorld): RouterWorld {
  const known = (id: string): ReturnType<RouterWorld['snapshot']> => world.snapshot(id);
  return createRouterWorld({
    deps: { snapshots: { get: known, all: () => [] } },
    store: world.store,
  });
}

/** What was drawn for a request, and with which probability. */
export const drawOf = ({ ref }: RoutedRoute): object => {
  const { episodeId, variantId, propensity, planVersion } = ref;
  return { episodeId, variantId, propensity, planVersion };
};

/** The prompt that upstream gets. */
export const promptOf = (route: RoutedRoute): unknown => {
  const sent = sentRequest(route);
  return sent.messages?.[0]?.content ?? sent['instructions'];
};

/** The second turn of a chat: the answer to the first, and what the user says then. */
export function chatTurn(answer: string, next: string, callId?: string): AgentRequest {
  const calls =
    callId === undefined ? {} : { tool_calls: [{ id: callId, function: { name: 'f', arguments: '{}' } }] };
  return chat(prompt, 'hello', [
    { role: 'assistant', content: answer, ...calls },
    { role: 'user', content: next },
  ]);
}

/** A request of the Responses API. */
export function response(fields: Omit<ResponsesRequest, 'model'> = {}): ResponsesRequest {
  return { model: 'm', instructions: prompt, input: 'hello', ...fields };
}
