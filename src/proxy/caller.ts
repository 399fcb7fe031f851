import { LRUCache } from 'lru-cache';
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiKey, ApiKeyRole } from '../domain/api-key.ts';
import { credentialHeaders, type CredentialHeader } from '../domain/credential.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { KeyLimits } from './key-limits.ts';
import { localScope } from './task-directory.ts';

/** Who sent a request. */
export interface Caller {
  /** Key id, else a hash of the credential; `local` without one on loopback. Tells nothing about the credential. */
  readonly scope: string;
  /** The header that the credential came in; `null` without one. */
  readonly credentialHeader: CredentialHeader | null;
  /** Whether the credential is a key of Ratchet's own, which upstream must never see. */
  readonly isOwnKey: boolean;
  readonly roles: readonly ApiKeyRole[];
}

/** Tells who may do what. */
export interface Callers {
  /**
   * For completions and everything that passes through, which then counts towards the limits of its key. Throws
   * `unauthorized`, `forbidden`, `rate_limit_exceeded` or `budget_exhausted`.
   */
  readonly infer: (headers: IncomingHttpHeaders) => Caller;
  /** For feedback. Throws `unauthorized` or `forbidden`. */
  readonly feedback: (headers: IncomingHttpHeaders) => Caller;
  /** Counts so much feedback of a caller towards the limits of its key. Throws `rate_limit_exceeded`. */
  readonly admitFeedback: (caller: Caller, count: number) => void;
}

/** What decides who may do what. */
export interface CallerSettings {
  readonly keys: readonly ApiKey[];
  /** Whether upstream is paid with a key of the operator's, so that it must be known who asks. */
  readonly hasUpstreamKey: boolean;
  readonly isLoopback: boolean;
  readonly secret: string;
  /** Absent: no key has limits. */
  readonly keyLimits?: Pick<KeyLimits, 'admit' | 'admitFeedback'>;
}

/** Credentials whose callers are remembered, in memory only, so that each is not hashed for every request. */
const callersMax = 1_000;

/** Host names by which a program on this machine reaches a loopback address. */
const localHost = /^(localhost|127(?:\.\d+){3}|\[::1\])(:\d+)?$/i;

/**
 * Without an upstream key clients bring their own credential, which passes upstream, and upstream is the judge. With one
 * they authenticate with keys of Ratchet's, where there are any. Feedback needs a key, except on loopback.
 */
export function createCallers(settings: CallerSettings): Callers {
  const { keys, hasUpstreamKey, isLoopback, secret, keyLimits } = settings;
  const key = createSecretKey(Buffer.from(`credential\n${secret}`));
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const digests = keys.map((entry) => ({ entry, digest: digest(entry.secret) }));
  const callers = new LRUCache<string, Caller>({ max: callersMax });

  const identify = (headers: IncomingHttpHeaders): Caller => {
    const credentialHeader = credentialHeaders.find((header) => headers[header] !== undefined) ?? null;
    const given = credentialHeader === null ? '' : String(headers[credentialHeader]);
    if (given === '')
      return {
        scope: isLoopback ? localScope : 'anonymous',
        credentialHeader: null,
        isOwnKey: false,
        roles: [],
      };
    const known = callers.get(given);
    if (known?.credentialHeader === credentialHeader) return known;
    const presented = digest(given.replace(/^Bearer\s+/i, ''));
    // Every key is compared, so that the time tells nothing.
    const own = digests.filter((candidate) => timingSafeEqual(candidate.digest, presented))[0]?.entry;
    const caller: Caller = {
      scope: own?.id ?? `credential-${presented.toString('base64url').slice(0, 16)}`,
      credentialHeader,
      isOwnKey: own !== undefined,
      roles: own?.roles ?? [],
    };
    callers.set(given, caller);
    return caller;
  };

  return {
    infer: (headers) => {
      const caller = identify(headers);
      if (hasUpstreamKey && keys.length > 0) assertRole(caller, ['infer']);
      else if (hasUpstreamKey) assertLocalPage(headers);
      if (caller.isOwnKey) keyLimits?.admit(caller.scope);
      return caller;
    },
    feedback: (headers) => {
      const caller = identify(headers);
      if (!isLoopback) assertRole(caller, ['feedback', 'trusted']);
      else if (!caller.isOwnKey) assertLocalPage(headers);
      return caller;
    },
    admitFeedback: ({ isOwnKey, scope }, count) => {
      if (isOwnKey) keyLimits?.admitFeedback(scope, count);
    },
  };
}

function assertRole({ isOwnKey, roles }: Caller, wanted: readonly ApiKeyRole[]): void {
  if (!isOwnKey)
    throw new RatchetError('unauthorized', 'send a key of this Ratchet: Authorization: Bearer <key>');
  if (!wanted.some((role) => roles.includes(role)))
    throw new RatchetError('forbidden', `this key has no role ${wanted.join(' or ')}`);
}

/**
 * On loopback everyone on this machine is trusted, but not every web page that a browser on this machine shows: browsers
 * say where a request comes from, and a page may have its own host name resolve to 127.0.0.1.
 */
function assertLocalPage(headers: IncomingHttpHeaders): void {
  const site = headers['sec-fetch-site'] ?? (isForeignSocket(headers) ? 'cross-site' : 'none');
  if (site === 'none') return;
  if (site === 'cross-site' || !localHost.test(headers.host ?? ''))
    throw new RatchetError('forbidden', 'web pages of other hosts may not use this server without a key');
}

/** Browsers let every page open web sockets anywhere, and say of them at least where they come from. */
function isForeignSocket({ upgrade, origin }: IncomingHttpHeaders): boolean {
  if (upgrade === undefined || origin === undefined) return false;
  return !URL.canParse(origin) || !localHost.test(new URL(origin).host);
}
