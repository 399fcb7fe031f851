/** Longest name that a caller may give a task, in characters; a longer one is cut. */
const nameLengthMax = 200;

/** Words of a prompt that make up the name of an automatic task. */
const nameWordsMax = 5;

/** Start of the model names that stand for a task. */
const aliasPrefix = 'ratchet/';

/** A task's name as a caller gave it, without halves of characters; `undefined` where there is none. */
export function taskNameOf(given: string | undefined): string | undefined {
  const name = given?.trim().slice(0, nameLengthMax).toWellFormed();
  return name === '' ? undefined : name;
}

/** The task that a model alias `ratchet/<task>` stands for; `undefined` for the name of a model. */
export function aliasedTask(model: string): string | undefined {
  return model.startsWith(aliasPrefix) ? taskNameOf(model.slice(aliasPrefix.length)) : undefined;
}

/** The model name that stands for a task. */
export function modelAlias(taskName: string): string {
  return `${aliasPrefix}${taskName}`;
}

/** The name of an automatic task: the first words of its prompt, and the end of its id to tell namesakes apart. */
export function automaticTaskName(prompt: string, taskId: string): string {
  const words = prompt
    .slice(0, nameLengthMax)
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return [...(words ?? ['prompt']).slice(0, nameWordsMax), taskId.slice(-4).toLowerCase()].join('-');
}

/** A name as a header can carry it: printable ASCII as it is, everything else percent-encoded. Never throws. */
export function headerText(name: string): string {
  return /^[\x20-\x7e]*$/.test(name) ? name : encodeURIComponent(name.toWellFormed());
}
