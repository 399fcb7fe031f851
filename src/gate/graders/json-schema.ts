import type { GraderConfig } from '../../domain/grader.ts';
import { missing, scored, type Grader } from './grader.ts';
import { isValidJson, parseJson } from './validate-json.ts';

/** 1 where the answer is one JSON document that satisfies the schema, else 0; missing where the schema is unusable. */
export const jsonSchema: Grader<Extract<GraderConfig, { kind: 'json-schema' }>> = {
  isDeterministic: true,
  grade: ({ schema }, { answer }) => {
    const json = parseJson(answer.text);
    if (json === undefined) return scored(0, 'the answer is not JSON');
    const isValid = isValidJson(schema, json.value);
    if (isValid === undefined) return missing('the schema cannot be used');
    return scored(isValid ? 1 : 0);
  },
};
