import { banditFold } from '../../bandit/fold.ts';
import type { AdminToken } from '../../domain/admin-token.ts';
import { moveCampaign } from '../../domain/campaign.ts';
import { planWithCanary } from '../../domain/next-plan.ts';
import { silentLogger } from '../../domain/logger.ts';
import { firstPlan } from '../../domain/plan.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { createMemoryStore } from '../../store/memory/memory-store.ts';
import {
  dayMs,
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  sampleGateState,
  sampleShadowRun,
  sampleTask,
  sampleVariant,
  startMs,
} from '../../store/samples.case.ts';
import type { Store } from '../../store/store.ts';
import { createConsole, type ConsoleDeps } from '../console.ts';
import type { Evidence } from './evidence.ts';

export const operatorToken: AdminToken = {
  id: 'ada',
  secret: 'the-operator-token-of-ada',
  role: 'operator',
};
export const viewerToken: AdminToken = { id: 'grafana', secret: 'the-token-of-a-viewer', role: 'viewer' };

/** What the gate would say of any campaign. */
export const sampleEvidence: Evidence = {
  effect: { pairs: 40, mean: 0.1, low: 0.02, high: 0.18 },
  slices: [{ segment: 'vip', pairs: 9, mean: 0, low: -0.1, high: 0.1 }],
  takes: [{ name: 'cost', pairs: 40, ratio: 0.9, low: 0.8, high: 1 }],
  lines: [{ name: 'superiority', hypothesis: 'no gain', logE: 2, logThreshold: 6, effect: 'promote' }],
  agreement: 'agrees',
  explanation: 'the verdict follows from the ledger',
  reason: 'the test goes on',
};

/** A verdict with its least evidence. */
export function sampleVerdict(kind: Verdict['kind']): Verdict {
  return {
    kind,
    reason: `it is ${kind}`,
    evidence: {
      pairs: 40,
      meanDifference: 0.1,
      logSuperiority: 2,
      logHarm: -1,
      logFutility: -2,
      logThreshold: 6,
      guardrails: [{ name: 'cost', pairs: 40, margin: 0.1, logNonInferiority: 1, logThreshold: 3 }],
    },
  };
}

/** The difference of the first grades, as they are stored. */
const gradedDifference: ConsoleDeps['gate']['scoreDifference'] = (_config, { candidate, incumbent }) => {
  const [one] = candidate.grades;
  const [other] = incumbent.grades;
  return one?.kind === 'score' && other?.kind === 'score' ? one.score - other.score : undefined;
};

/** The API over a memory store. */
export interface ApiWorld {
  readonly store: Store;
  readonly deps: ConsoleDeps;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<ApiReply>;
  /** Posts JSON; as an operator unless told. */
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<ApiReply>;
  readonly request: (path: string, init?: RequestInit) => Promise<Response>;
}

export interface ApiReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Starts with an empty store and two tokens. */
export function createApiWorld(change: Partial<ConsoleDeps> = {}): ApiWorld {
  const clock = { now: () => startMs + dayMs };
  const store = createMemoryStore({ fold: banditFold, clock, random: { next: () => 0.5 } });
  const deps: ConsoleDeps = {
    store,
    clock,
    logger: silentLogger,
    adminTokens: [operatorToken, viewerToken],
    version: '1.2.3',
    metricsText: async () => 'ratchet_requests_total 1\n',
    probes: [{ name: 'store', look: async () => 'commits' }],
    learning: { isOn: false, reason: 'no learning key is set' },
    gate: {
      evidenceOf: () => sampleEvidence,
      nextAlphaLevel: () => 0.002,
      scoreDifference: gradedDifference,
    },
    flushDecisions: async () => {},
    stopping: new AbortController().signal,
    lookMs: 5,
    ...change,
  };
  const app = createConsole(deps);
  const request = async (path: string, init: RequestInit = {}): Promise<Response> =>
    app.request(path, {
      ...init,
      headers: {
        host: 'ratchet.example',
        authorization: `Bearer ${operatorToken.secret}`,
        ...(init.headers as Record<string, string> | undefined),
      },
    });
  return {
    store: deps.store,
    deps,
    request,
    get: async (path, headers = {}) => replyOf(await request(path, { headers })),
    post: async (path, body, headers = {}) =>
      replyOf(
        await request(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }),
      ),
  };
}

async function replyOf(response: Response): Promise<ApiReply> {
  const text = await response.text();
  const isJson = /json\b/.test(response.headers.get('content-type') ?? '') && text !== '';
  const isLines = response.headers.get('content-type')?.startsWith('application/jsonl') === true;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && !isLines ? (JSON.parse(text) as unknown) : text,
  };
}

/**
 * A task with two plans, of which a canary serves, a second campaign in shadow, requests with texts, feedback and
 * answers off the user's path.
 */
export async function plantHistory(store: Store): Promise<void> {
  const variant = sampleVariant();
  await store.registerTask(sampleTask());
  let campaign = sampleCampaign('c1');
  await store.addCampaign(campaign);
  for (const to of ['screened', 'shadow', 'canary'] as const) {
    campaign = moveCampaign(campaign, to, {
      atMs: startMs,
      reason: 'test',
      ...(to === 'canary'
        ? { canary: { startedAtMs: startMs, atFeedback: 0 }, verdict: sampleVerdict('promote') }
        : {}),
    });
    const plan = planWithCanary(firstPlan('triage', 1, startMs), variant.id, 'c1', startMs);
    await store.commitGate({
      taskId: 'triage',
      campaigns: [campaign],
      ...(to === 'canary' ? { plan } : {}),
    });
  }
  const other = sampleVariant('Be brief.');
  const second = sampleCampaign('c2', {
    proposal: { ...campaign.proposal, variant: other, atMs: startMs + 5 },
  });
  await store.addCampaign(second);
  const screened = moveCampaign(second, 'screened', { atMs: startMs, reason: 'test' });
  await store.commitGate({ taskId: 'triage', campaigns: [screened] });
  const inShadow = moveCampaign(screened, 'shadow', { atMs: startMs, reason: 'test', alphaLevel: 0.002 });
  await store.commitGate({ taskId: 'triage', campaigns: [inShadow], gateState: sampleGateState(1) });
  const decisions = Array.from({ length: 6 }, (_, index) =>
    sampleDecision(`d${index}`, {
      atMs: startMs + index * 1000,
      variantId: index % 2 === 0 ? 'baseline' : variant.id,
      planVersion: 2,
      segment: index === 5 ? 'vip' : null,
      episodeId: index < 2 ? 'run-1' : `d${index}`,
    }),
  );
  await store.recordDecisions(decisions);
  await store.recordFeedback(
    decisions.map((decision, index) =>
      sampleFeedback(decision, { value: index % 2, comment: index === 3 ? '<b>bold</b>' : null }),
    ),
  );
  await store.saveShadowRuns([
    sampleShadowRun('d2', { variantId: 'baseline', grades: [{ kind: 'score', score: 0 }] }),
    sampleShadowRun('d2', {
      variantId: other.id,
      completion: { text: 'refunds', toolCalls: [], finishReason: 'stop', refusal: null },
    }),
  ]);
  await store.addSpend('triage', Math.floor((startMs + dayMs) / dayMs), {
    usd: 0.5,
    shadowRequests: 2,
    optimizerCalls: 1,
    judgeCalls: 0,
    optimizerTokens: 100,
  });
}
