import { createHttpRelay } from '../../../src/upstream/http/http-relay.ts';
import { silentTelemetry, type Telemetry } from '../../../src/telemetry/telemetry.ts';
import type { RelayConfig } from '../../../src/domain/upstream.ts';
import type { Relay, RelayFailure, RelayRequest, ServedBy } from '../../../src/upstream/relay.ts';

/** How a request through a relay ended. */
export interface Asked {
  /** 0: no head came. */
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
  readonly served: ServedBy | null;
  readonly failure: RelayFailure | null;
}

/** A relay for a configuration, whose pauses are always the shortest. */
export function relayFor(
  config: Partial<RelayConfig> & Pick<RelayConfig, 'upstreams'>,
  telemetry: Telemetry = silentTelemetry,
): Relay {
  const names = config.upstreams.map(({ name }) => name);
  return createHttpRelay(
    { fallback: names, routes: [], tasks: {}, ...config },
    { random: { next: () => 0 }, clock: { now: () => Date.now() }, telemetry },
  );
}

/** A chat completion that no upstream has looked at yet. */
const chatRequest: RelayRequest = {
  method: 'POST',
  path: '/chat/completions',
  headers: ['content-type', 'application/json', 'authorization', 'Bearer sk-client'],
  credentialHeader: 'authorization',
  body: Buffer.from('{"model":"m"}'),
  call: null,
};

/** A request under way. */
export interface Asking {
  readonly asked: Promise<Asked>;
  /** Resolves when the head has come. */
  readonly begun: Promise<void>;
  readonly cancel: () => void;
}

/** Sends a request and collects what comes. */
export function ask(relay: Relay, request: Partial<RelayRequest> = {}): Asking {
  const asked = Promise.withResolvers<Asked>();
  const begun = Promise.withResolvers<void>();
  let status = 0;
  let headers: readonly string[] = [];
  let served: ServedBy | null = null;
  const chunks: Uint8Array[] = [];
  let ends = 0;
  const end = (failure: RelayFailure | null): void => {
    ends += 1;
    if (ends > 1) throw new Error('the end was told twice');
    asked.resolve({ status, headers, served, failure, body: Buffer.concat(chunks).toString() });
  };
  const cancel = relay.send(
    { ...chatRequest, ...request },
    {
      onHead: (code, raw, by) => {
        if (status !== 0) throw new Error('the head was told twice');
        [status, headers, served] = [code, raw, by];
        begun.resolve();
      },
      onData: (chunk) => {
        chunks.push(Buffer.from(chunk));
        return true;
      },
      onEnd: () => end(null),
      onError: end,
    },
  );
  return { asked: asked.promise, begun: begun.promise, cancel };
}

/** The value of a response header; `undefined` without it. */
export function headerOf({ headers }: Pick<Asked, 'headers'>, name: string): string | undefined {
  const index = headers.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === name);
  return index === -1 ? undefined : headers[index + 1];
}
