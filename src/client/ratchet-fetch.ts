import { createCompletionIdReader } from './completion-id.ts';
import { rememberDecision } from './decision-memory.ts';
import { decisionHeader } from './decision-of.ts';
import { ratchetHeaders, type RatchetNames } from './ratchet-headers.ts';

/** Any function like the global `fetch`. */
export type Fetch = typeof globalThis.fetch;

/**
 * A `fetch` to give to a client: names its requests to Ratchet, where they do not name themselves, and remembers which
 * decision each answer came from, for `decisionOf`. `names` may be a function, which is asked with each request. `fetch`:
 * what it calls. Default: the global one. Throws `RangeError` as `ratchetHeaders` does.
 */
export function ratchetFetch(
  names: RatchetNames | (() => RatchetNames) = {},
  fetch: Fetch = globalThis.fetch,
): Fetch {
  const headersOf =
    typeof names === 'function' ? () => ratchetHeaders(names()) : always(ratchetHeaders(names));
  return async (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    for (const [name, value] of Object.entries(headersOf())) if (!headers.has(name)) headers.set(name, value);
    return withDecision(await fetch(input, { ...init, headers }));
  };
}

function always<Value>(value: Value): () => Value {
  return () => value;
}

/** The same response, whose body is read along with; its bytes pass as they come. */
function withDecision(response: Response): Response {
  const decisionId = response.headers.get(decisionHeader);
  if (decisionId === null || response.body === null || !response.ok) return response;
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const reader = createCompletionIdReader(isStream ? 'events' : 'json', (completionId) =>
    rememberDecision(completionId, decisionId),
  );
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => {
        // First the id: who reads these bytes may ask for the decision at once.
        reader.read(bytes);
        controller.enqueue(bytes);
      },
      flush: () => reader.end(),
    }),
  );
  const { status, statusText, headers, url } = response;
  return Object.defineProperty(new Response(body, { status, statusText, headers }), 'url', { value: url });
}
