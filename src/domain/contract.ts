import type { GraderConfig } from './grader.ts';

/** What the answers of a task must look like, and what requests must to be held against that. */
export interface ContractConfig {
  /** JSON schema of every answer; absent: what each request declares by itself. */
  readonly output?: Readonly<Record<string, unknown>>;
  /**
   * JSON schema of the last user message, read as JSON where it is one, else as a string. An answer to another input
   * is not held against the prompt. Absent: any.
   */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** The metric that tells of a contract, 1 where it was kept, and who sends it. */
export const contractMetric = 'contract';
export const contractSource = 'ratchet';

const commentStart = 'contract: ';

/** What is said of an answer that broke its contract; of names of the schema alone, never of what somebody wrote. */
export function contractComment(violations: readonly string[]): string {
  return `${commentStart}${violations.join('; ')}`;
}

/** Whether a comment tells of a broken contract. */
export function isContractComment(comment: string): boolean {
  return comment.startsWith(commentStart);
}

/** The declared form of answers as a grader, for those who ask which forms are declared. */
export function contractGraders(contract: ContractConfig | 'off' | undefined): readonly GraderConfig[] {
  const output = contract === 'off' ? undefined : contract?.output;
  return output === undefined ? [] : [{ kind: 'json-schema', schema: output, weight: 1 }];
}
