import type { Clock } from '../../domain/clock.ts';
import type { Random } from '../../domain/random.ts';
import type { RelayHandler, RelayRequest, ServedBy } from '../relay.ts';
import { Attempt, type AttemptListener, type Message } from './attempt.ts';
import { isRetryingClient } from './client-retries.ts';
import { HeldAnswer, moreTelling } from './held-answer.ts';
import type { LimitWatch } from './limit-watch.ts';
import { isNamed, nextStep, type Outcome, type Step } from './next-step.ts';
import { attemptFailureOf, type AttemptFailure } from './relay-failure.ts';
import { headersFor } from './request-headers.ts';
import { readRetryHint } from './retry-hint.ts';
import type { SlotTaker } from './slots.ts';
import { createUnreadBody, type UnreadBody } from './unread-body.ts';
import type { Upstream } from './upstream.ts';

/** What every call of a relay has in common. */
export interface CallDeps {
  readonly random: Random;
  readonly clock: Clock;
  /** Milliseconds that only ever grow. */
  readonly stopwatch: () => number;
  /** Whether clients are told which upstream answered. */
  readonly isUpstreamNamed: boolean;
  /** `null`: nobody wants to know how near upstreams are to their rate limits. */
  readonly limits: LimitWatch | null;
}

/** What a client is asked to wait where too many requests are under way, milliseconds. */
const overloadedRetryMs = 1_000;

/**
 * One request on its way: the owner of its life. It goes to the upstreams of its list in order, to each as often as its
 * retries allow, until an answer is one for the client. From then on that answer is relayed, whatever becomes of it.
 */
export class RelayCall implements AttemptListener, SlotTaker {
  readonly #deps: CallDeps;
  readonly #order: readonly Upstream[];
  readonly #request: RelayRequest;
  readonly #handler: RelayHandler;
  readonly #stream: UnreadBody | null;
  #upstream: Upstream;
  #position = 0;
  #attempts = 0;
  #retried = 0;
  #staleConnections = 0;
  #attempt: Attempt | undefined;
  #held: HeldAnswer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isUsageRequested = false;
  #isBreakerWaiting = false;
  #isRelaying = false;
  #isOver = false;

  /** `order` names at least one upstream. */
  constructor(deps: CallDeps, order: readonly Upstream[], request: RelayRequest, handler: RelayHandler) {
    const { body } = request;
    this.#deps = deps;
    this.#order = order;
    this.#upstream = firstOf(order);
    this.#request = request;
    this.#handler = handler;
    this.#stream = body === null || body instanceof Uint8Array ? null : createUnreadBody(body);
  }

  /** Takes the request to the upstream whose turn it is. */
  start(): void {
    const { slots, breaker, config } = this.#upstream;
    if (config.breaker.isFailFast && breaker?.isAvailable() === false)
      this.#overload(`${config.name} counts as down`, breaker.pauseLeftMs());
    else if (slots === null) this.#send();
    else slots.enter(this);
  }

  /** Ends the call, upstream too; `onError` is told `aborted`. */
  cancel(): void {
    if (this.#isOver) return;
    const isSent = this.#attempts > 1 || this.#attempt?.isSent === true;
    this.#attempt?.abort();
    this.#end();
    this.#handler.onError({ kind: 'aborted', message: 'the client went away', isSent });
  }

  onSlot(): void {
    this.#send();
  }

  onNoSlot(): void {
    this.#overload(`too many requests to ${this.#upstream.config.name} are under way`, overloadedRetryMs);
  }

  onHead(status: number, headers: readonly string[], reason: string): void {
    const { limits } = this.#deps;
    const { call } = this.#request;
    if (limits !== null && call !== null)
      limits.look(this.#upstream.config.url, call.model, { status, headers });
    const isFine = status < 400;
    const hint = isFine ? noHint : readRetryHint(headers, this.#deps.clock.now());
    const outcome = { kind: 'answer', status, hint } as const;
    this.#note(outcome);
    const served = this.#servedBy(reason);
    const step = isFine ? relay : this.#stepAfter(outcome);
    if (step.kind === 'relay' || this.#attempt === undefined) return this.#relay(status, headers, served);
    this.#hold(new HeldAnswer(this.#attempt, { status, headers, hint, served }));
    this.#follow(step, outcome);
  }

  onData(chunk: Uint8Array, resume: () => void): boolean {
    return this.#isOver || this.#handler.onData(chunk, resume);
  }

  onEnd(trailers: readonly string[]): void {
    if (this.#isOver) return;
    this.#end();
    this.#handler.onEnd(trailers);
  }

  onError({ trouble, failure }: AttemptFailure): void {
    if (this.#isOver) return;
    if (this.#isRelaying) {
      this.#end();
      this.#handler.onError(failure);
      return;
    }
    const outcome = { kind: trouble };
    this.#note(outcome);
    const step = this.#stepAfter(outcome);
    if (step.kind !== 'relay') return this.#follow(step, outcome);
    const held = this.#held;
    if (held?.isWhole === true) {
      const { status, headers, served } = held.head;
      this.#held = undefined;
      this.#relay(status, headers, served);
      this.#attempt = held.handTo(this);
    } else {
      this.#end();
      this.#handler.onError(failure);
    }
  }

  #send(): void {
    this.#attempts += 1;
    const { pool, breaker } = this.#upstream;
    if (breaker !== null) {
      breaker.begin();
      this.#isBreakerWaiting = true;
    }
    const attempt = new Attempt(pool, this.#deps.stopwatch, this);
    this.#attempt = attempt;
    try {
      attempt.start(this.#messageFor(this.#upstream));
    } catch (error) {
      this.onError(attemptFailureOf(error, { isSent: false, isStale: false }));
    }
  }

  #messageFor({ config, basePath, headerRule }: Upstream): Message {
    const { method, path, body, call } = this.#request;
    const model =
      call !== null && Object.hasOwn(config.models, call.model) ? config.models[call.model] : null;
    this.#isUsageRequested = config.isUsageRequested && call?.isUsageAddable === true;
    const isOtherForm = call !== null && (model !== null || this.#isUsageRequested);
    const bytes = body instanceof Uint8Array ? body : null;
    return {
      method,
      path: basePath + path,
      headers: headersFor(this.#request, headerRule, this.#isUsageRequested),
      body:
        this.#stream?.open() ??
        (isOtherForm
          ? call.bodyIn({ model: model ?? null, isUsageRequested: this.#isUsageRequested })
          : bytes),
    };
  }

  #stepAfter(outcome: Outcome): Step {
    return nextStep(outcome, {
      retries: this.#upstream.config.retries,
      retried: this.#retried,
      staleConnections: this.#staleConnections,
      isRepeatable: this.#stream?.isUnread() ?? true,
      isClientRetrying: isRetryingClient(this.#request.headers),
      hasNext: this.#position + 1 < this.#order.length,
      draw: this.#deps.random.next(),
    });
  }

  /** Later, since the connection that has just told us is in the middle of its work. */
  #follow(step: Exclude<Step, { kind: 'relay' }>, outcome: Outcome): void {
    if (step.kind === 'again') {
      if (outcome.kind === 'stale') this.#staleConnections += 1;
      else this.#retried += 1;
      this.#timer = setTimeout(() => this.#send(), step.afterMs);
      return;
    }
    const { slots, report } = this.#upstream;
    slots?.leave(this);
    this.#position += 1;
    this.#upstream = this.#order[this.#position] ?? this.#upstream;
    this.#retried = 0;
    this.#staleConnections = 0;
    report.fallback(this.#upstream.config.name, outcome);
    this.#timer = setTimeout(() => this.start(), 0);
  }

  #overload(message: string, retryAfterMs: number): void {
    const failure = { kind: 'overloaded', message, retryAfterMs, isSent: this.#attempts > 0 } as const;
    this.onError({ trouble: 'overloaded', failure });
  }

  #hold(answer: HeldAnswer): void {
    const kept = moreTelling(this.#held, answer);
    (kept === answer ? this.#held : answer)?.discard();
    this.#held = kept;
  }

  #relay(status: number, headers: readonly string[], served: ServedBy): void {
    this.#isRelaying = true;
    this.#held?.discard();
    const { isUpstreamNamed } = this.#deps;
    const named = isUpstreamNamed ? [...headers, 'x-ratchet-upstream', served.upstream] : headers;
    this.#handler.onHead(status, named, served);
  }

  #note(outcome: Outcome): void {
    const { breaker, config, report } = this.#upstream;
    report.attempt(outcome);
    if (breaker === null || !this.#isBreakerWaiting) return;
    this.#isBreakerWaiting = false;
    if (outcome.kind === 'stale' || outcome.kind === 'unsendable') breaker.abandon();
    else if (isNamed(outcome, config.breaker.on)) breaker.fail();
    else breaker.succeed();
  }

  #servedBy(reason: string): ServedBy {
    return {
      upstream: this.#upstream.config.name,
      attempts: this.#attempts,
      reason,
      isUsageRequested: this.#isUsageRequested,
    };
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#held?.discard();
    const { slots, breaker } = this.#upstream;
    slots?.leave(this);
    if (this.#isBreakerWaiting) breaker?.abandon();
  }
}

function firstOf(order: readonly Upstream[]): Upstream {
  const [first] = order;
  if (first === undefined) throw new RangeError('there is no upstream');
  return first;
}

const relay: Step = { kind: 'relay' };
const noHint = { afterMs: null, isWanted: null };
