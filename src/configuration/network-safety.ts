import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { RatchetError } from '../domain/ratchet-error.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach an address. A name other than `localhost` is taken for reachable. */
export function isLoopbackHost(host: string): boolean {
  if (isIPv4(host)) return loopback.check(host, 'ipv4');
  if (isIPv6(host)) return loopback.check(host, 'ipv6');
  return host === 'localhost';
}

/** What decides whether a server may listen. */
export interface Exposure {
  readonly host: string;
  readonly hasAdminToken: boolean;
  readonly hasUpstreamKey: boolean;
  readonly hasKeys: boolean;
}

/**
 * Refuses what would hand a stranger the control plane or the upstream key. On loopback everything is allowed. Throws
 * `invalid_configuration` naming the setting that is missing.
 */
export function assertSafe({ host, hasAdminToken, hasUpstreamKey, hasKeys }: Exposure): void {
  if (isLoopbackHost(host)) return;
  if (!hasAdminToken)
    throw new RatchetError(
      'invalid_configuration',
      `RATCHET_ADMIN_TOKEN: must be set when listening on ${host}, since others can reach the control plane. ` +
        'Set it, or RATCHET_ADMIN_TOKENS, to a random text of 16 characters or more, or listen on 127.0.0.1.',
      { param: 'RATCHET_ADMIN_TOKEN' },
    );
  if (hasUpstreamKey && !hasKeys)
    throw new RatchetError(
      'invalid_configuration',
      `RATCHET_KEYS: must be set when listening on ${host} with an upstream key, since anyone who reaches the port ` +
        'would spend it. Set RATCHET_KEYS=<id>:<secret>:infer+feedback, or unset RATCHET_UPSTREAM_KEY.',
      { param: 'RATCHET_KEYS' },
    );
}
