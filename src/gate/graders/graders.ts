import type { Grade, GraderConfig, GraderKind } from '../../domain/grader.ts';
import { exact } from './exact.ts';
import type { AskJudge, Grader, Subject } from './grader.ts';
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

/** One grade for each grader, in the order of the configuration. */
export async function gradeAnswer(
  configs: readonly GraderConfig[],
  subject: Subject,
  ask: AskJudge,
): Promise<readonly Grade[]> {
  return await Promise.all(
    configs.map(async (config) => {
      const grader = graders[config.kind];
      return grader.isDeterministic
        ? grader.grade(config, subject)
        : await grader.grade(config, subject, ask);
    }),
  );
}
