import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLoadGenerator, type LoadGenerator } from './load/load-generator.ts';
import type { Tools } from './machine.ts';
import type { Options } from './options.ts';
import { createResults, type Results } from './results.ts';
import { startTraceSink, type TraceSink } from './upstreams/trace-sink.ts';
import {
  startJsonUpstream,
  startReadingUpstream,
  startStreamUpstream,
  type Upstream,
} from './upstreams/upstream.ts';

/** What all cases share. */
export interface Bench {
  readonly options: Options;
  readonly tools: Tools;
  readonly results: Results;
  readonly generator: LoadGenerator;
  /** For small requests: it answers before it has read the whole body, which none does that is to think about it. */
  readonly jsonUpstream: Upstream;
  /** For large requests: slower, but it reads the whole body first. */
  readonly readingUpstream: Upstream;
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
  const readingUpstream = await startReadingUpstream(tools);
  const streamUpstream = await startStreamUpstream(tools);
  const sink = await startTraceSink();
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-bench-'));
  return {
    options,
    tools,
    results: createResults(),
    generator,
    jsonUpstream,
    readingUpstream,
    streamUpstream,
    sink,
    folder,
    tell,
    stop: async () => {
      await Promise.all(
        [generator, jsonUpstream, readingUpstream, streamUpstream, sink].map((each) => each.stop()),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
