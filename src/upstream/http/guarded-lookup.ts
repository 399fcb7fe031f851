import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Addresses that nobody's service has: there clouds keep the credentials of a machine, and links end. */
const forbidden = new BlockList();
forbidden.addSubnet('0.0.0.0', 8, 'ipv4');
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addAddress('100.100.100.200', 'ipv4');
forbidden.addSubnet('224.0.0.0', 3, 'ipv4');
forbidden.addAddress('::', 'ipv6');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addSubnet('ff00::', 8, 'ipv6');
forbidden.addAddress('fd00:ec2::254', 'ipv6');

/** This machine and private networks. */
const near = new BlockList();
near.addSubnet('127.0.0.0', 8, 'ipv4');
near.addSubnet('10.0.0.0', 8, 'ipv4');
near.addSubnet('172.16.0.0', 12, 'ipv4');
near.addSubnet('192.168.0.0', 16, 'ipv4');
near.addAddress('::1', 'ipv6');
near.addSubnet('fc00::', 7, 'ipv6');

/** Why a call may not go to an address, `undefined` where it may. Unencrypted ones only stay near. */
export function addressFault(address: string, isEncrypted: boolean): string | undefined {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (forbidden.check(address, family)) return 'its address is link-local, unspecified or multicast';
  if (!isEncrypted && !near.check(address, family)) return 'plain http leaves the private network';
  return undefined;
}

/**
 * Looks a host up and refuses addresses by `addressFault`. What it gives is what is connected to, so that a name cannot
 * mean one address when it is checked and another one when it is used. Numeric hosts are never looked up, and have to
 * be checked by the caller.
 */
export function guardedLookup(isEncrypted: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const fault = addresses.map(({ address }) => addressFault(address, isEncrypted)).find(Boolean);
      if (fault !== undefined) return callback(new ForbiddenAddress(fault), '', 0);
      if (options.all === true) return callback(null, addresses);
      const [first] = addresses;
      return callback(null, first?.address ?? '', first?.family);
    });
  };
}

/** An address that may not be called. */
export class ForbiddenAddress extends Error {
  override name = 'ForbiddenAddress';
}
