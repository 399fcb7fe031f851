import { isIP } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { WebhookCall, Webhooks } from '../webhooks.ts';
import { addressFault, ForbiddenAddress, guardedLookup } from './guarded-lookup.ts';

/** Longest answer that is read, bytes. */
const answerBytesMax = 65_536;

/** Connections to one service at a time. */
const connectionsMax = 8;

/** What webhooks may use, by the name that a call gives. */
export type WebhookSecrets = Readonly<Record<string, string>>;

/**
 * Webhooks over HTTP. A call goes to the address that its URL names and nowhere else: redirects are refused, and so are
 * link-local addresses and plain http beyond this machine and private networks, by the address that is connected to.
 * Answers above 64 KiB are refused. A failure says what happened in our own words.
 */
export function createHttpWebhooks(secrets: WebhookSecrets): Webhooks {
  const agents = new Map<string, Agent>();
  const agentOf = (protocol: string): Agent => {
    const known = agents.get(protocol);
    if (known !== undefined) return known;
    const connect = { lookup: guardedLookup(protocol === 'https:') };
    const made = new Agent({ connect, connections: connectionsMax });
    agents.set(protocol, made);
    return made;
  };
  return {
    post: async (call) => {
      const url = new URL(call.url);
      const host = url.hostname.replaceAll(/^\[|\]$/g, '');
      const fault = isIP(host) === 0 ? undefined : addressFault(host, url.protocol === 'https:');
      if (fault !== undefined) throw forbidden(fault);
      const deadline = AbortSignal.timeout(call.timeoutMs);
      try {
        return await exchange(agentOf(url.protocol), {
          url,
          deadline,
          call,
          secret: secretOf(call, secrets),
        });
      } catch (error) {
        throw error instanceof RatchetError ? error : failure(error, deadline.aborted);
      }
    },
  };
}

async function exchange(
  agent: Agent,
  given: {
    readonly url: URL;
    readonly deadline: AbortSignal;
    readonly call: WebhookCall;
    readonly secret: string | undefined;
  },
): Promise<unknown> {
  const { url, deadline, call, secret } = given;
  const response = await agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
    },
    body: JSON.stringify(call.body),
    signal: deadline,
  });
  if (response.statusCode < 200 || response.statusCode > 299) {
    // A body that is given up says so by an error, which nobody else would take.
    response.body.on('error', () => {}).destroy();
    throw refused(response.statusCode);
  }
  return parse(await readBody(response.body));
}

async function readBody(body: Dispatcher.ResponseData['body']): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    const buffer: Buffer = Buffer.from(piece);
    bytes += buffer.length;
    // Leaving the loop closes the connection.
    if (bytes > answerBytesMax) throw unreadable(`is longer than ${answerBytesMax} bytes`);
    pieces.push(buffer);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable('is not JSON');
  }
}

function secretOf({ secretEnv }: WebhookCall, secrets: WebhookSecrets): string | undefined {
  if (secretEnv === undefined) return undefined;
  const secret = Object.hasOwn(secrets, secretEnv) ? secrets[secretEnv] : undefined;
  // Without its secret a call would tell a stranger what it holds.
  if (secret === undefined)
    throw new RatchetError('upstream_unreachable', 'The secret of the webhook is not set.');
  return secret;
}

function refused(status: number): RatchetError {
  const isRedirect = status >= 300 && status <= 399;
  const what = isRedirect ? 'redirected the call, which is not followed' : 'refused the call';
  return new RatchetError('upstream_unreachable', `The webhook ${what}, with status ${status}.`, {
    isRetryable: status >= 500 || status === 408 || status === 425 || status === 429,
  });
}

function unreadable(fault: string): RatchetError {
  return new RatchetError('invalid_model_output', `The webhook's answer ${fault}.`);
}

function forbidden(fault: string): RatchetError {
  return new RatchetError('upstream_unreachable', `The webhook may not be called: ${fault}.`);
}

function failure(error: unknown, isDeadlineOver: boolean): RatchetError {
  if (isDeadlineOver)
    return new RatchetError('upstream_timeout', 'The webhook did not answer in time.', { isRetryable: true });
  const causes = [error, error instanceof Error ? error.cause : undefined];
  const address = causes.find((cause) => cause instanceof ForbiddenAddress);
  return address === undefined
    ? new RatchetError('upstream_unreachable', 'The webhook cannot be reached.', { isRetryable: true })
    : forbidden(address.message);
}
