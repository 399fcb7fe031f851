import { fakeFold } from '../fake-fold.case.ts';
import { describeStore } from '../store.case.ts';
import { createMemoryStore } from './memory-store.ts';

describeStore('memory store', async ({ clock, retentionMs }) => ({
  store: createMemoryStore({ fold: fakeFold, clock, random: { next: () => 0.5 }, retentionMs }),
  dispose: async () => {},
}));
