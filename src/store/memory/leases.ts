import type { LeaseStore } from '../lease-store.ts';
import type { MemoryContext } from './context.ts';

/** Leases in memory. */
export function memoryLeases({ tables: { leases } }: MemoryContext): LeaseStore {
  return {
    readLease: async (name) => leases.get(name),
    takeLease: async (lease, seen) => {
      const held = leases.get(lease.name);
      if (held?.holder !== seen?.holder || held?.beat !== seen?.beat) return false;
      leases.set(lease.name, lease);
      return true;
    },
  };
}
