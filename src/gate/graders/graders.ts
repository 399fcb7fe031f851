import type { Grade, GraderConfig, GraderKind } from '../../domain/grader.ts';
import { exact } from './exact.ts';
import { missing, type Grader, type Subject } from './grader.ts';
import { judge } from './judge.ts';
import { jsonSchema } from './json-schema.ts';
import { regex } from './regex.ts';
import { toolCall } from './tool-call.ts';

/** Every grader by its kind: a new one is a file and a line here. */
const table: { readonly [Kind in GraderKind]: Grader<Extract<GraderConfig, { kind: Kind }>> } = {
  exact,
  'json-schema': jsonSchema,
  regex,
  'tool-call': toolCall,
  judge,
};

// Each kind has been tied to its configuration above; looked up by a kind, a grader takes any.
const graders: Readonly<Record<GraderKind, Grader<GraderConfig>>> = table;

/** Whether a grader's scores may promote. */
export function isDeterministic({ kind }: GraderConfig): boolean {
  return graders[kind].isDeterministic;
}

/** The grade of a deterministic grader; `undefined` for one that asks a model. */
export function gradeAtOnce(config: GraderConfig, subject: Subject): Grade | undefined {
  const grader = graders[config.kind];
  return grader.isDeterministic ? grader.grade(config, subject) : undefined;
}

/** One grade for each grader, in the order of the configuration; one that compares answers grades none alone. */
export function gradeAnswer(configs: readonly GraderConfig[], subject: Subject): readonly Grade[] {
  return configs.map((config) => gradeAtOnce(config, subject) ?? missing('compares two answers'));
}

/** What a grader that asks a model is to look for; `undefined` for a deterministic one. */
export function rubricOf(config: GraderConfig): string | undefined {
  const grader = graders[config.kind];
  return grader.isDeterministic ? undefined : grader.rubricOf(config);
}
