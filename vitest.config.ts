import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Ends test processes that hang where no timeout can, and makes properties repeatable. */
const setupFiles = ['./test/hang-guard.ts', './test/seeded-properties.ts'];

/** Groups run one after the other. What runs in real time, with processes of its own, has the machine to itself. */
const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          setupFiles,
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      { test: { name: 'tidy', include: ['test/tidy/**/*.test.ts'], setupFiles, testTimeout: 60_000 } },
      {
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          setupFiles,
          testTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          setupFiles,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
export default config;
