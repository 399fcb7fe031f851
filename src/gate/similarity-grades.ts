import type { Grade, GraderConfig } from '../domain/grader.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import { embedTexts, type EmbeddedTexts } from './embed-texts.ts';
import type { GradedRun, Told } from './graded-run.ts';
import { missing, scored } from './graders/grader.ts';
import { outputText } from './graders/output-text.ts';
import type { Reserve } from './purse.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';

type SimilarityConfig = Extract<GraderConfig, { kind: 'similarity' }>;

/** Scores answers by how near they are to the ground truth; all at hand by one embedder. */
export async function gradeSimilarity(
  config: SimilarityConfig,
  runs: readonly GradedRun[],
  given: { readonly view: TaskView; readonly session: Session; readonly reserve: Reserve },
): Promise<ReadonlyMap<ShadowRun, Told>> {
  const texts = runs.flatMap(({ run, expected }) => [outputText(run.completion), expected ?? '']);
  const embedded = await embedTexts(texts, given.view, given.session, given.reserve);
  return new Map(
    runs.map((graded) => [
      graded.run,
      embedded === undefined ? 'unreachable' : similarityGrade(config, graded, embedded),
    ]),
  );
}

/**
 * (cos − floor)/(1 − floor), at least 0: identity is 1, and an answer that points elsewhere is 0. Missing without ground
 * truth; an answer that says nothing is 0, unless nothing is what is expected.
 */
function similarityGrade(
  { floor }: Pick<SimilarityConfig, 'floor'>,
  { run, expected }: Pick<GradedRun, 'run' | 'expected'>,
  { cosineOf }: Pick<EmbeddedTexts, 'cosineOf'>,
): Grade {
  if (expected === null) return missing('no ground truth is known');
  return scored((cosineOf(outputText(run.completion), expected) - floor) / (1 - floor));
}
