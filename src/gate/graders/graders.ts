import type { Grade, GraderConfig, GraderKind } from '../../domain/grader.ts';
import { exact } from './exact.ts';
import { missing, type Grader, type Subject } from './grader.ts';
import { judge } from './judge.ts';
import { jsonSchema } from './json-schema.ts';
import { normalised } from './normalised.ts';
import { numeric } from './numeric.ts';
import { regex } from './regex.ts';
import { toolCall } from './tool-call.ts';

/** Every grader by its kind: a new one is a file and a line here. */
const table: { readonly [Kind in GraderKind]: Grader<Extract<GraderConfig, { kind: Kind }>> } = {
  exact,
  normalised,
  numeric,
  'json-schema': jsonSchema,
  regex,
  'tool-call': toolCall,
  similarity: { isDeterministic: true, isRemote: true },
  webhook: { isDeterministic: true, isRemote: true },
  judge,
};

// Each kind has been tied to its configuration above; looked up by a kind, a grader takes any.
const graders: Readonly<Record<GraderKind, Grader<GraderConfig>>> = table;

/** Whether a grader's scores may promote: it scores each answer alone, and what it said once stands. */
export function isDeterministic({ kind }: GraderConfig): boolean {
  return graders[kind].isDeterministic;
}

/** Whether a grader has to ask somebody, and is no judge. */
export function isRemote({ kind }: GraderConfig): boolean {
  return 'isRemote' in graders[kind];
}

/** The grade of a grader that needs nobody; `undefined` for one that has to ask. */
export function gradeAtOnce(config: GraderConfig, subject: Subject): Grade | undefined {
  const grader = graders[config.kind];
  return 'grade' in grader ? grader.grade(config, subject) : undefined;
}

/**
 * One grade for each grader, in the order of the configuration. Those that have to ask take theirs from `told`, in the
 * same order; one that compares answers grades none alone.
 */
export function gradeAnswer(
  configs: readonly GraderConfig[],
  subject: Subject,
  told: readonly Grade[] = [],
): readonly Grade[] {
  return configs.map((config, index) => {
    const grade = gradeAtOnce(config, subject);
    if (grade !== undefined) return grade;
    return isRemote(config) ? (told[index] ?? missing('not asked yet')) : missing('compares two answers');
  });
}

/** What a grader that asks a model is to look for; `undefined` for one that is no judge. */
export function rubricOf(config: GraderConfig): string | undefined {
  const grader = graders[config.kind];
  return grader.isDeterministic ? undefined : grader.rubricOf(config);
}
