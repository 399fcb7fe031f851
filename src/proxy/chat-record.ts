import type { Completion, Usage } from '../domain/chat.ts';
import { textOf } from '../domain/chat.ts';
import { estimateTokens } from '../domain/estimate-tokens.ts';
import { costUsd } from '../domain/price.ts';
import type { ChatSpan } from '../telemetry/telemetry.ts';
import type { RelayFailure } from '../upstream/relay.ts';
import { wholeRequest, type ChatBody } from './chat-body.ts';
import type { ProxyDeps } from './proxy-deps.ts';
import { noFacts, readCompletion, type CompletionFacts } from './read-completion.ts';
import type { RecentNames } from './recent-names.ts';
import type { ResponseTap } from './response-tap.ts';
import type { Router } from './route.ts';
import type { RoutedRoute } from './route-result.ts';

/** What recording needs. */
export interface ChatRecorder {
  readonly deps: Pick<ProxyDeps, 'decisionLog' | 'isContentCaptured' | 'logger' | 'priceOf' | 'recording'>;
  readonly router: Router;
  readonly names: RecentNames;
}

/** A routed request whose response has ended, or failed. */
export interface EndedChat {
  readonly route: RoutedRoute;
  readonly body: ChatBody;
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
export function recordChat(recorder: ChatRecorder, chat: EndedChat): void {
  const fail = (error: unknown): void =>
    recorder.deps.logger.error('chat-not-recorded', {
      error: error instanceof Error ? error.name : typeof error,
    });
  try {
    const isAnswer = chat.status >= 200 && chat.status < 300;
    const body = isAnswer ? chat.tap.read(chat.contentEncoding) : null;
    if (body instanceof Promise) body.then((decoded) => record(recorder, chat, decoded)).catch(fail);
    else record(recorder, chat, body);
  } catch (error) {
    fail(error);
  }
}

function record({ deps, router, names }: ChatRecorder, chat: EndedChat, body: Buffer | null): void {
  const { route, span } = chat;
  const facts = body === null ? noFacts : readCompletion(body.toString(), chat.contentType);
  const usage = facts.usage ?? estimatedUsage(chat, facts.completion);
  const { model } = route.request;
  const decision = router.complete(route, {
    completionId: facts.id,
    model,
    status: chat.status,
    usage,
    isUsageEstimated: facts.usage === null && usage !== null,
    completion: facts.completion,
    latencyMs: chat.latencyMs,
    firstByteMs: chat.firstByteMs,
    costUsd: usage === null ? null : costUsd(usage, deps.priceOf(facts.model ?? model)),
    traceId: span.traceId,
    recordedRequest: deps.recording === 'full' ? wholeRequest(chat.body) : null,
  });
  names.remember(decision, route.taskName);
  // A client that upstream does not know could fill the store.
  const isRecorded = deps.recording !== 'off' && chat.status !== 401 && chat.status !== 403;
  if (isRecorded) deps.decisionLog.append(decision);
  span.end({
    status: chat.status,
    errorType: chat.failure === null ? null : chat.failure.kind,
    responseId: facts.id,
    responseModel: facts.model,
    finishReason: facts.completion?.finishReason ?? null,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    latencyMs: chat.latencyMs,
    overheadMs: chat.overheadMs,
    content: deps.isContentCaptured ? contentOf(chat, facts) : null,
  });
}

function contentOf(
  { route }: EndedChat,
  { completion }: CompletionFacts,
): { readonly input: string; readonly output: string } | null {
  if (completion === null) return null;
  const { text, toolCalls } = completion;
  return {
    input: JSON.stringify(route.request.messages),
    output: toolCalls.length === 0 ? text : JSON.stringify({ text, toolCalls }),
  };
}

/** For a response that tells no usage, as most streams do. */
function estimatedUsage({ route }: EndedChat, completion: Completion | null): Usage | null {
  if (completion === null) return null;
  const { messages } = route.request;
  return {
    inputTokens: messages.reduce((tokens, { content }) => tokens + estimateTokens(textOf(content)), 0),
    outputTokens: [completion.text, ...completion.toolCalls.map((call) => call.arguments)].reduce(
      (tokens, text) => tokens + estimateTokens(text),
      0,
    ),
  };
}
