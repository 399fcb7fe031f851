import { ratchetFetch, type Fetch } from './ratchet-fetch.ts';
import type { RatchetNames } from './ratchet-headers.ts';

/** What is needed of the client of the `openai` package. */
export interface OpenAiClient {
  withOptions(options: { readonly fetch: Fetch }): this;
}

/**
 * The same client, whose requests are named to Ratchet, and whose answers `decisionOf` knows. The given client stays as it
 * is; all of its settings are kept, also a `fetch` of its own. Headers that a request is given win over the names here.
 * Cheap enough for one call per conversation, and may be applied again: to a client that has its task, for the episode.
 * `names` may be a function, which is asked with each request. Throws `RangeError` as `ratchetHeaders` does.
 */
export function withRatchet<Client extends OpenAiClient>(
  client: Client,
  names: RatchetNames | (() => RatchetNames) = {},
): Client {
  return client.withOptions({ fetch: ratchetFetch(names, fetchOf(client)) });
}

/** The `fetch` that the client was made with, which its type keeps to itself. */
function fetchOf(client: object): Fetch | undefined {
  const fetch: unknown = Reflect.get(client, 'fetch');
  return isFetch(fetch) ? fetch : undefined;
}

function isFetch(value: unknown): value is Fetch {
  return typeof value === 'function';
}
