import type { GraderConfig } from '../../domain/grader.ts';
import { testPattern } from './bounded-pattern.ts';
import { missing, scored, type Grader } from './grader.ts';

/** 1 where the pattern matches somewhere in the answer, else 0; missing when it is invalid or takes too long. */
export const regex: Grader<Extract<GraderConfig, { kind: 'regex' }>> = {
  isDeterministic: true,
  grade: ({ pattern, flags }, { answer }) => {
    try {
      return scored(testPattern(pattern, flags ?? '', answer.text) ? 1 : 0);
    } catch {
      return missing('the pattern is invalid or takes too long');
    }
  },
};
