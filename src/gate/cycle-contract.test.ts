import { expect, it } from 'vitest';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent } from './small-agent.case.ts';

it('answers that broke their contract are counted once, however often the gate looks', async () => {
  const counted: number[] = [];
  const agent = await createSmallAgent({
    seed: 5,
    quality: () => 0.5,
    config: { contract: { output: { type: 'object' } } },
  });
  const telemetry = {
    ...silentTelemetry,
    count: (name: string, by: number) => void (name === 'ratchet.contract.broken' && counted.push(by)),
  };
  await agent.serve(30);
  agent.advance(600_000);
  for (let cycle = 0; cycle < 3; cycle += 1) await runGateCycle({ ...agent.deps, telemetry });
  expect(counted).toEqual([30]);
  await agent.serve(10);
  agent.advance(600_000);
  await runGateCycle({ ...agent.deps, telemetry });
  expect(counted).toEqual([30, 10]);
});
