/** An id of ours (16 characters of base64url) that begins with a dash, as one in 64 does. */
const dashedId = /^-[\w-]{15}$/;
/** Stands before such an id while the command line is read; no argument of a process can hold it. */
const guard = '\0';

/** Words in which ids cannot be taken for options. `options` are the long ones that there are, with their dashes. */
export function guardIds(words: readonly string[], options: ReadonlySet<string>): readonly string[] {
  return words.map((word) => (dashedId.test(word) && !options.has(word) ? guard + word : word));
}

/** What a command was called with, ids as they were: texts, and the texts in plain objects. */
export function unguardIds<Parameters extends readonly unknown[]>(parameters: Parameters): Parameters;
/** The same, for who does not know how many they are. */
export function unguardIds(parameters: readonly unknown[]): readonly unknown[] {
  return parameters.map((parameter) =>
    isPlain(parameter)
      ? Object.fromEntries(Object.entries(parameter).map(([name, value]) => [name, unguarded(value)]))
      : unguarded(parameter),
  );
}

function unguarded(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(guard) ? value.slice(guard.length) : value;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
