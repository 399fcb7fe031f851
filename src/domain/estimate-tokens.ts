/** UTF-8 bytes that one token is taken to hold. English has about four, code and most other languages about three. */
const bytesPerToken = 3;

/** Tokens of a text, rather too many than too few: for budgets, and where a server reports no usage. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}
