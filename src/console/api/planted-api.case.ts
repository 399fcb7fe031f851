import { beforeEach, expect } from 'vitest';
import { createApiWorld, plantHistory, type ApiWorld } from './api-world.case.ts';

/** An API whose store has a history, and the ways to read it. */
export interface PlantedApi {
  readonly world: () => ApiWorld;
  /** The body of an answer that has to be 200. */
  readonly body: (path: string) => Promise<unknown>;
  /** Every item of a list, read in parts of one size. */
  readonly listed: (path: string, limit: number) => Promise<readonly Record<string, unknown>[]>;
}

interface Part {
  readonly items: readonly Record<string, unknown>[];
  readonly next: string | null;
}

/** Gives each test of the file that calls it such an API of its own. */
export function usePlantedApi(): PlantedApi {
  let world: ApiWorld;
  beforeEach(async () => {
    world = createApiWorld();
    await plantHistory(world.store);
  });
  const body = async (path: string): Promise<unknown> => {
    const reply = await world.get(path);
    expect(reply).toMatchObject({ status: 200 });
    return reply.body;
  };
  return {
    world: () => world,
    body,
    listed: async (path, limit) => {
      const items: Record<string, unknown>[] = [];
      const separator = path.includes('?') ? '&' : '?';
      for (let cursor = ''; ;) {
        const part = (await body(`${path}${separator}limit=${limit}${cursor}`)) as Part;
        items.push(...part.items);
        if (part.next === null) return items;
        cursor = `&cursor=${part.next}`;
      }
    },
  };
}
