import { fillerOf } from '../load/template.ts';
import { rawRequest, type RequestTemplate } from '../load/requests.ts';
import { receivedHeader } from '../upstreams/answer.ts';
import type { Contender } from './contender.ts';

/** Requests among which an edited variant must serve; with its share of 90 %, 40 without one are impossible. */
const requestsMax = 40;

/**
 * Throws unless Ratchet does what is to be measured: the edited variant serves without being asked for, and upstream gets
 * a longer body than with the agent's own prompt.
 */
export async function assertRewritten(contender: Contender, request: RequestTemplate): Promise<void> {
  const own = await ask(contender, request, 0, { 'x-ratchet-variant': 'baseline' });
  for (let number = 0; number < requestsMax; number += 1) {
    const { variant, received } = await ask(contender, request, number, {});
    if (variant === 'baseline') continue;
    if (received > own.received) return;
    throw new Error(`${contender.name} names variant ${variant}, but upstream got the agent's own prompt`);
  }
  throw new Error(`${contender.name} served none of ${requestsMax} requests with an edited prompt`);
}

/** Throws unless a contender passes on what upstream answers, to the last piece. */
export async function assertRelays(
  contender: Contender,
  upstreamPort: number,
  request: RequestTemplate,
): Promise<void> {
  const direct = { ...contender, port: upstreamPort, addedHeaders: {} };
  const [relayed, own] = [await ask(contender, request, 0, {}), await ask(direct, request, 0, {})];
  if (relayed.status !== 200 || relayed.pieces !== own.pieces)
    throw new Error(
      `${contender.name} answers ${relayed.status}, with ${relayed.pieces} of ${own.pieces} pieces`,
    );
}

/** A word that stands in each piece of an answer. */
const pieceWord = /order/g;

async function ask(
  { port, root, addedHeaders }: Contender,
  request: RequestTemplate,
  number: number,
  own: Readonly<Record<string, string>>,
): Promise<{
  readonly status: number;
  readonly variant: string;
  readonly received: number;
  readonly pieces: number;
}> {
  const raw = rawRequest(request, { host: '', root, added: { ...addedHeaders, ...own } });
  const [head = '', body = ''] = fillerOf(raw, request.tasks)(number).split('\r\n\r\n');
  const [, ...lines] = head.split('\r\n');
  const headers = lines
    .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
    .filter(([name]) => name !== 'host' && name !== 'content-length');
  const response = await fetch(`http://127.0.0.1:${port}${root}${request.path}`, {
    method: 'POST',
    headers,
    body,
  });
  const text = await response.text();
  return {
    status: response.status,
    pieces: [...text.matchAll(pieceWord)].length,
    variant: response.headers.get('x-ratchet-variant') ?? 'none',
    received: Number(response.headers.get(receivedHeader)),
  };
}
