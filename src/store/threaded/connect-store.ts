import type { MessagePort } from 'node:worker_threads';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Store } from '../store.ts';
import { receiveError, type StoreReply, type StoreRequest } from './store-messages.ts';

/** Calls that may wait for their answer at a time; beyond, a call is refused at once. */
const waitingMax = 10_000;

export interface ConnectionSettings {
  /** How long a call may take, milliseconds; default 5,000. Whether a late one had its effect is unknown. */
  readonly deadlineMs?: number;
}

interface WaitingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

type Call = <Method extends keyof Store>(
  method: Method,
  ...parameters: Parameters<Store[Method]>
) => ReturnType<Store[Method]>;

/**
 * A store on another thread, served there by `serveStore`. Calls reject with `store_unavailable` (retryable) when the
 * deadline passes, when the other end goes away, and when too many wait. `close` ends the connection, not the store.
 */
export function connectStore(port: MessagePort, { deadlineMs = 5000 }: ConnectionSettings = {}): Store {
  const waiting = new Map<number, WaitingCall>();
  let lastId = 0;
  let isClosed = false;

  port.on('message', (reply: StoreReply) => {
    const call = waiting.get(reply.id);
    if (call === undefined) return;
    waiting.delete(reply.id);
    clearTimeout(call.timer);
    if (reply.kind === 'value') call.resolve(reply.value);
    else call.reject(receiveError(reply.error));
  });
  port.on('close', () => {
    isClosed = true;
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(unavailable('the connection to the store has ended'));
    }
    waiting.clear();
  });

  const send = async (method: keyof Store, parameters: readonly unknown[]): Promise<unknown> => {
    if (isClosed) throw unavailable('the connection to the store has ended');
    if (waiting.size >= waitingMax) throw unavailable('too many calls wait for the store');
    const id = (lastId += 1);
    // Before anything is kept of the call: a parameter that cannot be cloned makes this throw.
    port.postMessage({ id, method, parameters } satisfies StoreRequest);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      waiting.delete(id);
      reject(unavailable(`the store did not answer ${method} within ${deadlineMs} ms`));
    }, deadlineMs);
    waiting.set(id, { resolve, reject, timer });
    return promise;
  };
  // The serving end answers a method with its own result, so the one type follows from the other.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const call: Call = (method, ...parameters) => send(method, parameters) as ReturnType<Store[typeof method]>;
  return storeOf(call, async () => {
    isClosed = true;
    port.close();
  });
}

function storeOf(call: Call, close: () => Promise<void>): Store {
  return {
    recordDecisions: (decisions) => call('recordDecisions', decisions),
    findEpisode: (scope, key, taskId) => call('findEpisode', scope, key, taskId),
    recordFeedback: (batch) => call('recordFeedback', batch),
    readRewards: (taskId, after, limit) => call('readRewards', taskId, after, limit),
    registerTask: (task) => call('registerTask', task),
    saveBaseline: (taskId, baseline) => call('saveBaseline', taskId, baseline),
    saveTaskConfig: (taskId, config) => call('saveTaskConfig', taskId, config),
    readSnapshot: (revision) => call('readSnapshot', revision),
    readTask: (taskId) => call('readTask', taskId),
    readPlans: (taskId, limit) => call('readPlans', taskId, limit),
    readVariant: (taskId, variantId) => call('readVariant', taskId, variantId),
    readSecret: () => call('readSecret'),
    addCampaign: (campaign) => call('addCampaign', campaign),
    readCampaign: (campaignId) => call('readCampaign', campaignId),
    readCampaigns: (taskId, which) => call('readCampaigns', taskId, which),
    readGateState: (taskId) => call('readGateState', taskId),
    commitGate: (change) => call('commitGate', change),
    readWatchEvents: (taskId) => call('readWatchEvents', taskId),
    readShadowRuns: (taskId, variantId, decisionIds) =>
      call('readShadowRuns', taskId, variantId, decisionIds),
    saveShadowRuns: (runs) => call('saveShadowRuns', runs),
    recordPairs: (pairs) => call('recordPairs', pairs),
    readLedger: (campaignId) => call('readLedger', campaignId),
    readTraces: (query) => call('readTraces', query),
    readSpend: (taskId, day) => call('readSpend', taskId, day),
    addSpend: (taskId, day, spend) => call('addSpend', taskId, day, spend),
    readTotalSpend: (taskId) => call('readTotalSpend', taskId),
    sweep: (nowMs) => call('sweep', nowMs),
    ping: () => call('ping'),
    close,
  };
}

function unavailable(message: string): RatchetError {
  return new RatchetError('store_unavailable', message, { isRetryable: true });
}
