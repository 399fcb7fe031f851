import { conversationOf, type AgentRequest } from '../domain/agent-request.ts';
import { noFacts } from '../domain/answer-facts.ts';
import { textOf, type Completion, type Usage } from '../domain/chat.ts';
import { estimateTokens } from '../domain/estimate-tokens.ts';
import { costUsd } from '../domain/price.ts';
import type { ChatOutcome, ChatSpan } from '../telemetry/telemetry.ts';
import type { RelayFailure } from '../upstream/relay.ts';
import type { ProxyDeps } from './proxy-deps.ts';
import type { RecentNames } from './recent-names.ts';
import { wholeRequest, type RequestBody } from './request-body.ts';
import type { ResponseTap } from './response-tap.ts';
import { sentRequest } from './rewrite.ts';
import type { Router } from './route.ts';
import type { RoutedRoute } from './route-result.ts';

/** What recording needs. */
export interface CallRecorder {
  readonly deps: Pick<
    ProxyDeps,
    'decisionLog' | 'isContentCaptured' | 'liveRequests' | 'logger' | 'priceOf' | 'recording'
  >;
  readonly router: Router;
  readonly names: RecentNames;
}

/** A routed request whose response has ended, or failed. */
export interface EndedCall {
  readonly route: RoutedRoute;
  readonly body: RequestBody;
  readonly span: ChatSpan;
  readonly tap: ResponseTap;
  /** 0: upstream sent none. */
  readonly status: number;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly failure: RelayFailure | null;
  readonly latencyMs: number;
  readonly firstByteMs: number | null;
  readonly overheadMs: number;
}

/**
 * Reads what a response said, after its last byte has left, and records the decision. Nobody waits for it and nothing
 * of it reaches the client, so a failure here is only logged.
 */
export function recordCall(recorder: CallRecorder, call: EndedCall): void {
  const fail = (error: unknown): void =>
    recorder.deps.logger.error('call-not-recorded', {
      error: error instanceof Error ? error.name : typeof error,
    });
  try {
    const isAnswer = call.status >= 200 && call.status < 300;
    const answer = isAnswer ? call.tap.read(call.contentEncoding) : null;
    if (answer instanceof Promise)
      recorder.router.waitFor(answer.then((decoded) => record(recorder, call, decoded)).catch(fail));
    else record(recorder, call, answer);
  } catch (error) {
    fail(error);
  }
}

function record({ deps, router, names }: CallRecorder, call: EndedCall, answer: Buffer | null): void {
  const { route, body, span } = call;
  const facts = answer === null ? noFacts : body.format.readAnswer(answer.toString(), call.contentType);
  const [completion = null] = facts.completions;
  const usage = facts.usage ?? estimatedUsage(route, facts.completions);
  const { model } = route;
  // What upstream broke off is no answer to learn from, though it was paid for. A client that goes away breaks nothing.
  const isBroken = call.failure !== null && call.failure.kind !== 'aborted';
  // A client that upstream does not know could fill the store.
  const isRecorded =
    deps.recording !== 'off' && route.ref.isUnrecorded !== true && call.status !== 401 && call.status !== 403;
  const isWanted = isRecorded && deps.liveRequests?.isWanted(route.ref.taskId) === true;
  const decision = router.complete(route, {
    completionId: facts.id,
    model,
    status: isBroken ? 0 : call.status,
    usage,
    isUsageEstimated: facts.usage === null && usage !== null,
    completion,
    callIds: facts.callIds,
    itemIds: facts.itemIds,
    latencyMs: call.latencyMs,
    firstByteMs: call.firstByteMs,
    costUsd: usage === null ? null : costUsd(usage, deps.priceOf(facts.model ?? model)),
    traceId: span.traceId,
    recordedRequest: isBroken ? null : requestToKeep(deps, body, isWanted),
  });
  names.remember(decision, route.taskName);
  if (isWanted && decision.content !== null) deps.liveRequests?.offer(decision);
  if (isRecorded)
    deps.decisionLog.append(deps.recording === 'full' ? decision : { ...decision, content: null });
  span.end({
    status: call.status,
    errorType: call.failure === null ? null : call.failure.kind,
    responseId: facts.id,
    responseModel: facts.model,
    finishReason: completion?.finishReason ?? null,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    latencyMs: call.latencyMs,
    overheadMs: call.overheadMs,
    content: deps.isContentCaptured && completion !== null ? contentOf(route, completion) : null,
  });
}

/** The client's whole request, where its text is recorded or it is wanted for mirroring; else `null`. */
function requestToKeep(
  { recording }: Pick<ProxyDeps, 'recording'>,
  body: RequestBody,
  isWanted: boolean,
): AgentRequest | null {
  if (recording === 'full') return wholeRequest(body);
  if (!isWanted) return null;
  try {
    return wholeRequest(body);
  } catch {
    // Without mirroring nobody would have looked at it.
    return null;
  }
}

function contentOf(route: RoutedRoute, { text, toolCalls }: Completion): ChatOutcome['content'] {
  return {
    input: JSON.stringify(conversationOf(sentRequest(route))),
    output: toolCalls.length === 0 ? text : JSON.stringify({ text, toolCalls }),
  };
}

/** For an answer that tells no usage, as most streams do; `null` where there is no answer. */
function estimatedUsage(route: RoutedRoute, completions: readonly Completion[]): Usage | null {
  if (completions.length === 0) return null;
  const given = conversationOf(sentRequest(route)).map(({ content }) => textOf(content));
  const said = completions.flatMap(({ text, toolCalls }) => [
    text,
    ...toolCalls.map((call) => call.arguments),
  ]);
  return { inputTokens: tokensIn(given), outputTokens: tokensIn(said) };
}

function tokensIn(texts: readonly string[]): number {
  return texts.reduce((tokens, text) => tokens + estimateTokens(text), 0);
}
