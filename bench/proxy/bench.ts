import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLoadGenerator, type LoadGenerator } from './load/load-generator.ts';
import type { Tools } from './machine.ts';
import type { Options } from './options.ts';
import { createResults, type Results } from './results.ts';
import { startTraceSink, type TraceSink } from './upstreams/trace-sink.ts';
import { startJsonUpstream, startStreamUpstream, type Upstream } from './upstreams/upstream.ts';

/** What all cases share. */
export interface Bench {
  readonly options: Options;
  readonly tools: Tools;
  readonly results: Results;
  readonly generator: LoadGenerator;
  readonly jsonUpstream: Upstream;
  readonly streamUpstream: Upstream;
  readonly sink: TraceSink;
  /** For databases to start from. */
  readonly folder: string;
  /** Tells whoever waits how far it is. */
  readonly tell: (line: string) => void;
  readonly stop: () => Promise<void>;
}

/** Starts upstreams, collector and load generator. */
export async function openBench(
  options: Options,
  tools: Tools,
  tell: (line: string) => void,
): Promise<Bench> {
  const generator = await startLoadGenerator(tools);
  const jsonUpstream = await startJsonUpstream(tools);
  const streamUpstream = await startStreamUpstream(tools);
  const sink = await startTraceSink();
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-bench-'));
  return {
    options,
    tools,
    results: createResults(),
    generator,
    jsonUpstream,
    streamUpstream,
    sink,
    folder,
    tell,
    stop: async () => {
      await Promise.all([generator.stop(), jsonUpstream.stop(), streamUpstream.stop(), sink.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
