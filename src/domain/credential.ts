/** Where clients put their credential, in lower case: OpenAI's, Anthropic's and Azure's way. */
export const credentialHeaders = ['authorization', 'x-api-key', 'api-key'] as const;

/** One of `credentialHeaders`. */
export type CredentialHeader = (typeof credentialHeaders)[number];

/** Whether a header, by its name in lower case, carries a credential. */
export function isCredentialHeader(name: string): boolean {
  return credentialHeaders.some((header) => header === name);
}
