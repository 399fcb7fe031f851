import type { MessagePort } from 'node:worker_threads';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Store } from '../store.ts';
import { receiveError, type StoreReply, type StoreRequest } from './store-messages.ts';

/** Calls that may be without an answer at a time; beyond, a call is refused at once. */
const unansweredMax = 10_000;

/** Of a store that has fallen silent, one call in this share of the deadline is still asked. */
const probesPerDeadline = 5;

export interface ConnectionSettings {
  /** How long a call may take, milliseconds; default 5,000. Whether a late one had its effect is unknown. */
  readonly deadlineMs?: number;
}

/** A call whose answer is awaited, or was given up: then it still lies in the queue of the other end. */
interface SentCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
  isLate: boolean;
}

type Call = <Method extends keyof Store>(
  method: Method,
  ...parameters: Parameters<Store[Method]>
) => ReturnType<Store[Method]>;

/**
 * A store on another thread, served there by `serveStore`. Calls reject with `store_unavailable` (retryable) when the
 * deadline passes, when the other end goes away, when too many wait, and at once when a call was late and nothing at all
 * has come back for as long: what is sent to a thread that hangs piles up there. `close` ends the connection, not the
 * store.
 */
export function connectStore(port: MessagePort, { deadlineMs = 5000 }: ConnectionSettings = {}): Store {
  const unanswered = new Map<number, SentCall>();
  let lastId = 0;
  let isClosed = false;
  let heardAt = performance.now();
  let sentAt = heardAt;

  port.on('message', (reply: StoreReply) => {
    heardAt = performance.now();
    const call = unanswered.get(reply.id);
    if (call === undefined) return;
    unanswered.delete(reply.id);
    clearTimeout(call.timer);
    if (reply.kind === 'value') call.resolve(reply.value);
    else call.reject(receiveError(reply.error));
  });
  port.on('close', () => {
    isClosed = true;
    for (const { reject, timer } of unanswered.values()) {
      clearTimeout(timer);
      reject(unavailable('the connection to the store has ended'));
    }
    unanswered.clear();
  });

  const refusal = (): string | undefined => {
    if (isClosed) return 'the connection to the store has ended';
    if (unanswered.size >= unansweredMax) return 'too many calls wait for the store';
    const [oldest] = unanswered.values();
    const now = performance.now();
    const isSilent = oldest?.isLate === true && now - heardAt >= deadlineMs;
    return isSilent && now - sentAt < deadlineMs / probesPerDeadline
      ? 'the store does not answer'
      : undefined;
  };
  const send = async (method: keyof Store, parameters: readonly unknown[]): Promise<unknown> => {
    const refused = refusal();
    if (refused !== undefined) throw unavailable(refused);
    const id = (lastId += 1);
    // Before anything is kept of the call: a parameter that cannot be cloned makes this throw.
    port.postMessage({ id, method, parameters } satisfies StoreRequest);
    sentAt = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      call.isLate = true;
      reject(unavailable(`the store did not answer within ${deadlineMs} ms`));
    }, deadlineMs);
    const call: SentCall = { resolve, reject, timer, isLate: false };
    unanswered.set(id, call);
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
    readEpisodeOutcomes: (query) => call('readEpisodeOutcomes', query),
    readRewards: (taskId, after, limit) => call('readRewards', taskId, after, limit),
    registerTask: (task) => call('registerTask', task),
    saveBaseline: (taskId, baseline) => call('saveBaseline', taskId, baseline),
    saveTaskConfig: (taskId, config) => call('saveTaskConfig', taskId, config),
    readSnapshot: (revision) => call('readSnapshot', revision),
    readTask: (taskId) => call('readTask', taskId),
    readPlans: (taskId, limit, beforeVersion) => call('readPlans', taskId, limit, beforeVersion),
    readVariant: (taskId, variantId) => call('readVariant', taskId, variantId),
    readSecret: (candidate) => call('readSecret', candidate),
    addCampaign: (campaign) => call('addCampaign', campaign),
    readCampaign: (campaignId) => call('readCampaign', campaignId),
    readCampaigns: (taskId, which) => call('readCampaigns', taskId, which),
    readExperience: (query) => call('readExperience', query),
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
    readVariants: (taskId) => call('readVariants', taskId),
    readBaselines: (taskId) => call('readBaselines', taskId),
    readSpends: (taskId, sinceDay) => call('readSpends', taskId, sinceDay),
    readDecisions: (query) => call('readDecisions', query),
    readAnswers: (decisionIds) => call('readAnswers', decisionIds),
    readFeedback: (query) => call('readFeedback', query),
    readChanges: (query) => call('readChanges', query),
    newestChange: () => call('newestChange'),
    readAudit: (query) => call('readAudit', query),
    forget: (target, from, audit) => call('forget', target, from, audit),
    readLease: (name) => call('readLease', name),
    takeLease: (lease, seen) => call('takeLease', lease, seen),
    sweep: (nowMs) => call('sweep', nowMs),
    ping: () => call('ping'),
    close,
  };
}

function unavailable(message: string): RatchetError {
  return new RatchetError('store_unavailable', message, { isRetryable: true });
}
