/** What `ratchet/client` exports. */
export { RatchetClientError, type RatchetClientErrorCode } from './client-error.ts';
export { createRatchet, type Ratchet, type RatchetSettings } from './create-ratchet.ts';
export { decisionOf } from './decision-of.ts';
export type { Feedback, FeedbackOutcome, FeedbackReceipt } from './feedback.ts';
export { ratchetFetch } from './ratchet-fetch.ts';
export { ratchetHeaders, type RatchetNames } from './ratchet-headers.ts';
export { withRatchet, type OpenAiClient } from './with-ratchet.ts';
