import { expect, test } from 'vitest';
import { receiveTelemetry, relayTelemetry, type TelemetryMessage } from './relayed.ts';
import { silentTelemetry, type Telemetry } from './telemetry.ts';

function recorder(): { readonly calls: unknown[]; readonly telemetry: Telemetry } {
  const calls: unknown[] = [];
  const log =
    (method: string) =>
    (...parameters: unknown[]): void => {
      calls.push([method, ...parameters]);
    };
  return {
    calls,
    telemetry: {
      ...silentTelemetry,
      count: log('count'),
      record: log('record'),
      gauge: log('gauge'),
      evaluation: log('evaluation'),
      startCampaignStep: (step) => {
        calls.push(['start', step.campaignId]);
        return { end: log(`end ${step.campaignId}`) };
      },
    },
  };
}

const step = (campaignId: string) =>
  ({ name: 'gate.screen', campaignId, taskName: 'triage', linkedTraceIds: [] }) as const;

test('what a worker reports arrives unchanged on the other thread', () => {
  const { calls, telemetry } = recorder();
  const receiver = receiveTelemetry(telemetry);
  // The messages cross threads, so they must survive structured cloning.
  const worker = relayTelemetry((message: TelemetryMessage) => receiver.receive(structuredClone(message)));
  worker.count('ratchet.campaigns', 1, { state: 'promoted' });
  worker.record('ratchet.reward', 0.5);
  worker.gauge('ratchet.plan.version', 3, { task: 'triage' });
  const one = worker.startCampaignStep(step('one'));
  const two = worker.startCampaignStep(step('two'));
  two.end({ pairs: 4 });
  one.end(undefined, 'failed');
  expect(calls).toEqual([
    ['count', 'ratchet.campaigns', 1, { state: 'promoted' }],
    ['record', 'ratchet.reward', 0.5, undefined],
    ['gauge', 'ratchet.plan.version', 3, { task: 'triage' }],
    ['start', 'one'],
    ['start', 'two'],
    ['end two', { pairs: 4 }, undefined],
    ['end one', undefined, 'failed'],
  ]);
});

test('steps of a worker that dies are ended as failed, once', () => {
  const { calls, telemetry } = recorder();
  const receiver = receiveTelemetry(telemetry);
  relayTelemetry(receiver.receive).startCampaignStep(step('one'));
  receiver.abandon();
  receiver.abandon();
  expect(calls).toEqual([
    ['start', 'one'],
    ['end one', {}, 'the worker stopped'],
  ]);
});
