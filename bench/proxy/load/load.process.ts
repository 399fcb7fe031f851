import { runClosedLoop } from './closed-loop.ts';
import { holdStreams, type HeldStreams } from './held-streams.ts';
import type { LoadAnswer, LoadOrder } from './load-messages.ts';
import { runOpenLoop } from './open-loop.ts';
import { fillerOf } from './template.ts';

/** The load generator, a process of its own: one order at a time, by messages. */
const held: HeldStreams[] = [];

async function carryOut(order: LoadOrder): Promise<LoadAnswer> {
  switch (order.kind) {
    case 'open-loop':
      return {
        kind: 'open-loop',
        result: await runOpenLoop({ ...order, fill: fillerOf(order.template, order.tasks) }),
      };
    case 'closed-loop':
      return {
        kind: 'closed-loop',
        result: await runClosedLoop({ ...order, fill: fillerOf(order.template, order.tasks) }),
      };
    case 'hold-streams': {
      const streams = holdStreams(order.port, fillerOf(order.template, order.tasks), order.start);
      held.push(streams);
      return { kind: 'streams', failed: await streams.open(order.count) };
    }
    case 'release-streams':
      for (const streams of held.splice(0)) streams.close();
      return { kind: 'streams', failed: 0 };
  }
}

process.on('message', (order: LoadOrder) => {
  carryOut(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ kind: 'failed', message: String(error) } satisfies LoadAnswer),
  );
});
process.on('disconnect', () => process.exit(0));
process.stdout.write('listening for-orders\n');
