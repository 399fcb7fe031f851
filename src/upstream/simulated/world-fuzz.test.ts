import fc from 'fast-check';
import { expect, test } from 'vitest';
import { damaged, hostileJson, outcomeOf } from '../../domain/hostile-json.case.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { smallFacetsFile } from './small-world.case.ts';
import { parseWorld } from './world.schema.ts';

test('whatever stands in a world file is a world, or refused in our words', () => {
  fc.assert(
    fc.property(fc.oneof(hostileJson, damaged(smallFacetsFile)), (value) => {
      const world = outcomeOf(
        () => parseWorld(value),
        (error) => error instanceof RatchetError && error.code === 'invalid_world',
      );
      if (world !== 'refused') expect(['facets', 'replay']).toContain(world.kind);
    }),
    { numRuns: 500 },
  );
});
