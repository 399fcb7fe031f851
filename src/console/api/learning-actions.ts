import { startGateState, type GateState } from '../../domain/gate-state.ts';
import { pauseSchema, reasonBody } from './actions.schema.ts';
import type { ApiDeps } from './api-deps.ts';
import { commitByHand } from './commit-by-hand.ts';
import { findTask } from './find-task.ts';
import { operation, type ApiAnswer, type ApiRequest, type Operation } from './operation.schema.ts';
import { taskParams } from './parts.schema.ts';

const tag = 'Actions';

type Pause = GateState['paused'];
type PauseView = { readonly paused: Pause | null };
type TaskRequest = ApiRequest<{ readonly task: string }, unknown, { readonly reason?: string | undefined }>;

/** Have learning of a task stand still. */
export const pauseLearning: Operation<PauseView> = operation({
  id: 'pauseLearning',
  method: 'post',
  path: '/api/tasks/{task}/pause',
  tag,
  summary: 'Have learning of a task stand still',
  description:
    'Nothing is proposed, tested, admitted or promoted, and nothing is paid for it. What serves goes on, feedback counts, and the watch still rolls back what turns harmful.',
  role: 'operator',
  params: taskParams,
  body: reasonBody,
  result: pauseSchema,
  handle: async (request, deps) => setPause(request, deps, { by: request.actor.id, atMs: deps.clock.now() }),
});

/** Let a task learn again. */
export const resumeLearning: Operation<PauseView> = operation({
  id: 'resumeLearning',
  method: 'post',
  path: '/api/tasks/{task}/resume',
  tag,
  summary: 'Let a task learn again',
  role: 'operator',
  params: taskParams,
  body: reasonBody,
  result: pauseSchema,
  handle: async (request, deps) => setPause(request, deps, undefined),
});

/** Whether a task learns. */
export const learningActions: readonly Operation[] = [pauseLearning, resumeLearning];

async function setPause(
  { params: { task: taskId }, actor, body }: TaskRequest,
  deps: ApiDeps,
  wanted: Pause,
): Promise<ApiAnswer<PauseView>> {
  const action = wanted === undefined ? 'resume' : 'pause';
  const paused = await commitByHand<Pause>(deps, { actor, action }, async () => {
    await findTask(deps.store, taskId);
    const stored = (await deps.store.readGateState(taskId)) ?? startGateState;
    const { paused: present, ...running } = stored;
    if ((present === undefined) === (wanted === undefined)) return { kind: 'done', result: present };
    const next: GateState = { ...running, revision: stored.revision + 1 };
    return {
      kind: 'change',
      change: { taskId, gateState: wanted === undefined ? next : { ...next, paused: wanted } },
      audit: {
        subject: 'learning',
        before: wanted === undefined ? 'paused' : 'on',
        after: wanted === undefined ? 'on' : 'paused',
        reason: body.reason ?? null,
      },
      result: wanted,
    };
  });
  return { kind: 'value', value: { paused: paused ?? null } };
}
