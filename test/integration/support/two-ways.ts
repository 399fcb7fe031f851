import { expect } from 'vitest';
import { comparable, type Randomness } from './comparable.ts';
import { startLocalProxy, type LocalProxy, type LocalProxySettings } from './local-proxy.ts';

/** An upstream whose API is under `/v1`, which remembers what it was asked. */
export interface ComparedUpstream {
  readonly port: number;
  readonly random: Randomness;
  /** What it was asked since the last time. */
  readonly take: () => readonly SeenCall[];
  readonly close: () => Promise<void>;
}

/** A request as an upstream got it. */
export interface SeenCall {
  readonly method: string;
  /** Below `/v1`, without the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** How a client reaches the upstream, straight or through Ratchet: all that its user would change. */
export interface Way {
  readonly baseURL: string;
  /** To be given to the client, so that the heads of its responses are seen. */
  readonly fetch: typeof globalThis.fetch;
}

/** The head of a response, as the client's `fetch` got it. */
export interface AnswerHead {
  readonly method: string;
  /** Below `/v1`, without the query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
}

/** One client program on one of the ways. */
export interface Run {
  /** What it returned, or `{ failed: … }` with what it threw; as comparable data. */
  readonly result: unknown;
  readonly answers: readonly AnswerHead[];
  readonly seen: readonly SeenCall[];
}

/** An upstream, and Ratchet before it. */
export interface TwoWays<Upstream extends ComparedUpstream = ComparedUpstream> {
  readonly upstream: Upstream;
  readonly proxy: LocalProxy;
  /** Runs a client program on one way. */
  readonly run: (which: 'direct' | 'through', program: Program) => Promise<Run>;
  /**
   * Runs a client program both ways. What it returned or threw, each response's status and headers, and what upstream
   * was asked must be the same; what Ratchet routes must be routed, and nothing else. Gives the run through Ratchet.
   */
  readonly compare: (program: Program) => Promise<Run>;
  readonly close: () => Promise<void>;
}

/** What a user of a client writes. */
export type Program = (way: Way) => Promise<unknown>;

/** Puts Ratchet before an upstream. */
export async function startTwoWays<Upstream extends ComparedUpstream>(
  upstream: Upstream,
  settings: Omit<LocalProxySettings, 'upstreamPort'> = {},
): Promise<TwoWays<Upstream>> {
  const proxy = await startLocalProxy({ upstreamPort: upstream.port, ...settings });
  const urls = { direct: `http://127.0.0.1:${upstream.port}/v1`, through: proxy.url };

  const run: TwoWays['run'] = async (which, program) => {
    const baseURL = urls[which];
    const answers: AnswerHead[] = [];
    upstream.take();
    const returned = await program({ baseURL, fetch: watchedFetch(baseURL, answers) }).catch(
      (error: unknown) => ({ failed: error }),
    );
    const data = (value: unknown): unknown => comparable(value, upstream.random, baseURL);
    return { result: data(returned), answers, seen: upstream.take() };
  };

  return {
    upstream,
    proxy,
    run,
    compare: async (program) => {
      const direct = await run('direct', program);
      const through = await run('through', program);
      expect(through.result).toEqual(direct.result);
      const outline = (which: keyof typeof urls, { answers, seen }: Run): unknown =>
        comparable({ answers, seen }, upstream.random, urls[which]);
      expect(outline('through', through)).toEqual(outline('direct', direct));
      expect(direct.answers.filter(isRouted)).toEqual([]);
      expect(through.answers.filter(isRouted).filter((answer) => !isAboutText(answer))).toEqual([]);
      expect(through.answers.filter(isAboutText).map(isRouted)).toEqual(
        through.seen.filter(isAboutText).map(isDecided),
      );
      return through;
    },
    close: async () => {
      await proxy.close();
      await upstream.close();
    },
  };
}

/** Whether Ratchet decided something about the request. */
function isRouted({ headers }: AnswerHead): boolean {
  return headers.has('x-ratchet-decision') && headers.get('x-ratchet-variant') !== null;
}

/** Whether a request is of the kinds that Ratchet looks at. */
function isAboutText({ method, path }: Pick<SeenCall, 'method' | 'path'>): boolean {
  return method === 'POST' && /^\/(?:chat\/completions|responses)$/.test(path);
}

/**
 * Whether a chat or a response has a prompt that leads it, or goes on from a response that had one, so that Ratchet has to
 * decide about it.
 */
function isDecided({ body }: SeenCall): boolean {
  const given: unknown = typeof body === 'string' ? JSON.parse(body) : body;
  const { messages, instructions, input, ...others } = given as Readonly<Record<string, unknown>>;
  if (typeof instructions === 'string' || typeof others['previous_response_id'] === 'string') return true;
  const [first] = [messages, input].filter(Array.isArray).flat();
  return first?.role === 'system' || first?.role === 'developer';
}

/** Whether a program threw. */
export function hasFailed({ result }: Run): boolean {
  return typeof result === 'object' && result !== null && 'failed' in result;
}

function watchedFetch(baseUrl: string, answers: AnswerHead[]): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const method = init?.method ?? (typeof input === 'object' && 'method' in input ? input.method : 'GET');
    answers.push({
      method: method.toUpperCase(),
      path: new URL(url).pathname.replace(/^\/v1/, ''),
      status: response.status,
      headers: response.headers,
    });
    if (!url.startsWith(baseUrl)) throw new Error(`asked ${url}, which is not under ${baseUrl}`);
    return response;
  };
}
