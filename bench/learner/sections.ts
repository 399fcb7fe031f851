import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadWorld } from '../../src/upstream/simulated/load-world.ts';
import type { World } from '../../src/upstream/simulated/world.ts';
import { contenders, fullLearner, oneAtATime } from './contender.ts';
import { relatedWorlds } from './family.ts';
import type { Options } from './options.ts';
import { runAll } from './pool.ts';
import type { Job, RunResult } from './run.ts';

/** Everything that was run; parts that were left out are empty. */
export interface Measured {
  readonly worlds: readonly RunResult[];
  /** Cold runs on the family: opro at both paces, and the full learner. */
  readonly cold: readonly RunResult[];
  /** The full learner on each world of the family, knowing all others. */
  readonly warm: readonly RunResult[];
  /** The full learner knowing one other. */
  readonly pairs: readonly PairResult[];
}

export interface PairResult {
  readonly source: string;
  readonly result: RunResult;
}

/** Runs the parts that are asked for. */
export async function measure(options: Options, tell: (line: string) => void): Promise<Measured> {
  const worlds = options.parts.includes('worlds') ? await runWorlds(options, tell) : [];
  if (!options.parts.includes('family') && !options.parts.includes('pairs'))
    return { worlds, cold: [], warm: [], pairs: [] };
  const family = relatedWorlds().slice(0, options.familySize);
  const rivals = [fullLearner, oneAtATime, 'opro'].filter((name) => options.contenders.includes(name));
  const isFamily = options.parts.includes('family');
  const cold = await runAll(
    jobsOf(family, isFamily ? rivals : [fullLearner], options).map((job) => ({
      ...job,
      isTeacher: job.contender === fullLearner,
    })),
    progress('family, cold', tell),
  );
  const teachers = cold.filter(({ contender }) => contender === fullLearner);
  const warm = isFamily ? await runWarm(family, teachers, options, tell) : [];
  const pairs = options.parts.includes('pairs') ? await runPairs(family, teachers, options, tell) : [];
  return { worlds, cold: cold.map(withoutExperience), warm, pairs };
}

async function runWorlds(options: Options, tell: (line: string) => void): Promise<readonly RunResult[]> {
  const folder = options.worlds ?? fileURLToPath(new URL('../../worlds', import.meta.url));
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).toSorted();
  const worlds = await Promise.all(files.map(async (file) => await loadWorld(`${folder}/${file}`)));
  const names = contenders.filter((name) => options.contenders.includes(name));
  return await runAll(jobsOf(worlds, names, options), progress('worlds', tell));
}

function jobsOf(
  worlds: readonly World[],
  names: readonly string[],
  { seeds, requests }: Options,
): readonly Job[] {
  return seeds.flatMap((seed) =>
    worlds.flatMap((world) => names.map((contender) => ({ world, contender, seed, requests }))),
  );
}

async function runWarm(
  family: readonly World[],
  teachers: readonly RunResult[],
  { requests }: Options,
  tell: (line: string) => void,
): Promise<readonly RunResult[]> {
  const jobs = teachers.flatMap(({ world: name, seed }): Job[] =>
    family
      .filter((world) => world.name === name)
      .map((world) => ({
        world,
        contender: fullLearner,
        seed,
        requests,
        experience: teachers
          .filter((teacher) => teacher.seed === seed && teacher.world !== name)
          .flatMap(({ experience }) => experience),
      })),
  );
  return await runAll(jobs, progress('family, warm', tell));
}

/** Each world learns from some others, one at a time; which ones follows from the seed. */
async function runPairs(
  family: readonly World[],
  teachers: readonly RunResult[],
  { requests, seeds, sources }: Options,
  tell: (line: string) => void,
): Promise<readonly PairResult[]> {
  const pairs = seeds.flatMap((seed) =>
    family.flatMap((world, index) =>
      Array.from({ length: Math.min(sources, family.length - 1) }, (_, step) => {
        const offset = 1 + ((step * 3 + seed) % (family.length - 1));
        const source = family[(index + offset) % family.length] ?? world;
        return { world, seed, source: source.name };
      }),
    ),
  );
  const results = await runAll(
    pairs.map(({ world, seed, source }) => ({
      world,
      contender: fullLearner,
      seed,
      requests,
      experience:
        teachers.find((teacher) => teacher.seed === seed && teacher.world === source)?.experience ?? [],
    })),
    progress('pairs', tell),
  );
  return results.map((result, index) => ({ source: pairs[index]?.source ?? '', result }));
}

function progress(part: string, tell: (line: string) => void): (done: number, result: RunResult) => void {
  return (done, { world, contender, seed }) =>
    tell(`${part}: ${done} runs, ${world}, ${contender}, seed ${seed}`);
}

function withoutExperience(result: RunResult): RunResult {
  return { ...result, experience: [] };
}
