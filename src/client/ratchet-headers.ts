/** How a request is named to Ratchet. */
export interface RatchetNames {
  /** The prompt that is to be improved: one name for each. Default: Ratchet recognises the prompt itself. */
  readonly task?: string | undefined;
  /** The conversation or run, which keeps its variant. Default: Ratchet recognises it by its beginning. */
  readonly episode?: string | undefined;
  /** `baseline` for the agent's own prompt, or the id of an arm. Such a request is not learned from. */
  readonly variant?: string | undefined;
  /** Whether Ratchet leaves the request alone. Default: no. */
  readonly bypass?: boolean | undefined;
}

/**
 * The headers that say so, for clients that take headers with each request. Throws `RangeError` for a name that is empty
 * or has other characters than printable ASCII, which no header can carry.
 */
export function ratchetHeaders({ task, episode, variant, bypass }: RatchetNames): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [member, name] of Object.entries({ task, episode, variant })) {
    if (name === undefined) continue;
    if (!/^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/.test(name))
      throw new RangeError(`${member} has to be printable ASCII, and not empty: ${JSON.stringify(name)}`);
    headers[`x-ratchet-${member}`] = name;
  }
  if (bypass === true) headers['x-ratchet-bypass'] = '1';
  return headers;
}
