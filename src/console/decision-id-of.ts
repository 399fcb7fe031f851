/** Longest signed id that is looked into, characters. */
const signedLengthMax = 4096;

/**
 * The id of a decision, also where the signed one that callers have is given (`rd_…`). The signature is not checked: the
 * id is only looked up, and whoever asks may see every decision.
 */
export function decisionIdOf(text: string): string {
  const payload = /^rd_([\w-]+)\.[\w-]+$/.exec(text)?.[1];
  if (payload === undefined || text.length > signedLengthMax) return text;
  try {
    const fields: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const id: unknown = Array.isArray(fields) ? fields[1] : undefined;
    return typeof id === 'string' ? id : text;
  } catch {
    return text;
  }
}
