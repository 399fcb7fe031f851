import type { Operation } from '../../console/api/operation.schema.ts';
import { isRecord } from '../../domain/is-record.ts';
import { errorCodes, RatchetError, type ErrorCode } from '../../domain/ratchet-error.ts';
import { terminalText } from '../terminal-text.ts';
import type { Control, Given } from './control.ts';

/** Longest wait for an answer, and for a stream to begin, milliseconds. */
const answerMsMax = 60_000;

/** A server, and what opens it. */
export interface ServerAccess {
  /** Without a slash at its end. */
  readonly address: string;
  /** `null`: none is sent, which a server on loopback may do without. */
  readonly token: string | null;
}

/** Asks a running server over HTTP, and takes no answer that the API could not have given. */
export function createServerControl(access: ServerAccess): Control {
  const { address } = access;
  return {
    kind: 'server',
    ask: async (operation, given = {}) => {
      const text = await reaching(address, async () => {
        const response = await send(access, { operation, given }, AbortSignal.timeout(answerMsMax));
        return response.text();
      });
      const answer = jsonOf(text);
      if (isAnswer(operation, answer)) return answer;
      throw notOurs(address);
    },
    stream: async function* (operation, given = {}) {
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), answerMsMax);
      const { body } = await reaching(
        address,
        async () => await send(access, { operation, given }, patience.signal),
      ).finally(() => clearTimeout(timer));
      if (body !== null) yield* textOf(body, address);
    },
  };
}

/** Resolves to an answer of success. */
async function send(
  { address, token }: ServerAccess,
  { operation, given }: { readonly operation: Operation; readonly given: Given },
  signal: AbortSignal,
): Promise<Response> {
  const { body } = given;
  const response = await fetch(urlOf(address, operation, given), {
    method: operation.spec.method,
    // What has moved elsewhere does not get the token.
    redirect: 'error',
    signal,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw await problemOf(response, { address, token });
  return response;
}

async function reaching<Result>(address: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof RatchetError ? error : unreachable(address, error);
  }
}

async function* textOf(body: ReadableStream<Uint8Array>, address: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body) yield decoder.decode(chunk, { stream: true });
  } catch (error) {
    throw new RatchetError('upstream_unreachable', `${address} broke off: what came is not all of it`, {
      cause: error,
    });
  }
  yield decoder.decode();
}

function urlOf(address: string, { spec: { path } }: Operation, { params = {}, query = {} }: Given): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? '';
    // As steps of a path these would lead elsewhere, however they are written.
    if (/^\.{0,2}$/.test(value)) throw new RatchetError('not_found', `there is no ${name} "${value}"`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams(query).toString();
  return `${address}${filled}${search === '' ? '' : `?${search}`}`;
}

function isAnswer<Result>({ schemas }: Operation<Result>, answer: unknown): answer is Result {
  return schemas.result.safeParse(answer).success;
}

async function problemOf(response: Response, { address, token }: ServerAccess): Promise<RatchetError> {
  const problem = jsonOf(await response.text());
  const { detail, code, param } = isRecord(problem) ? problem : {};
  if (typeof detail !== 'string' || !isErrorCode(code)) return notOurs(address, response.status);
  if (code === 'unauthorized')
    return new RatchetError(
      code,
      token === null
        ? `${address} asks for an admin token: set RATCHET_ADMIN_TOKEN or give --token-file`
        : `${address} does not know this admin token`,
    );
  return new RatchetError(code, terminalText(detail, 2000), typeof param === 'string' ? { param } : {});
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}

function notOurs(address: string, status?: number): RatchetError {
  return new RatchetError(
    'upstream_unreachable',
    `${address} answered${status === undefined ? '' : ` with ${status} and`} nothing that this version of ratchet understands; is it a Ratchet server of the same version?`,
  );
}

function unreachable(address: string, error: unknown): RatchetError {
  if (error instanceof Error && /^(Timeout|Abort)Error$/.test(error.name))
    return new RatchetError(
      'upstream_timeout',
      `${address} did not answer within ${answerMsMax / 1000} s; what was to be changed may have been`,
      { cause: error },
    );
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = isRecord(cause) && typeof cause['code'] === 'string' ? ` (${cause['code']})` : '';
  return new RatchetError(
    'upstream_unreachable',
    `${address} cannot be reached${code}; is the server running? Without --server and RATCHET_SERVER the database is asked`,
    { cause: error },
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
