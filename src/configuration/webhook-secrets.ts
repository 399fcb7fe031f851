import type { TaskEntry } from './entries.ts';

/**
 * What the webhooks of all tasks send as bearer tokens, by the name of the variable that holds it. Kept apart from the
 * tasks, whose settings are stored and shown. `read` may throw.
 */
export function webhookSecretsOf(
  tasks: Readonly<Record<string, TaskEntry>>,
  read: (task: string, variable: string) => string,
): Readonly<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const [name, { graders }] of Object.entries(tasks))
    for (const grader of graders ?? [])
      if (grader.kind === 'webhook' && grader.secret_env !== undefined)
        secrets[grader.secret_env] = read(name, grader.secret_env);
  return secrets;
}
