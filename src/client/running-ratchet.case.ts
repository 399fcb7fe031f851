import { RatchetClientError } from './client-error.ts';
import { createRatchet, type Ratchet, type RatchetSettings } from './create-ratchet.ts';
import {
  createFeedbackServer,
  errorAnswer,
  type FeedbackServer,
  type Treatment,
} from './feedback-server.case.ts';
import type { Feedback } from './feedback.ts';
import { createManualPlatform, type ManualPlatform } from './manual-platform.case.ts';

export const baseURL: string = 'http://ratchet.test/v1';

/** A client before a server of feedback, and the time they share. */
export interface Running {
  readonly ratchet: Ratchet;
  readonly server: FeedbackServer;
  readonly platform: ManualPlatform;
  /** Code and id of each feedback that was given up on. */
  readonly given: readonly (readonly [code: string, id: string])[];
}

/** A client whose requests the server treats so; default taken. */
export function start(treat?: Treatment, settings: Partial<RatchetSettings> = {}): Running {
  const server = createFeedbackServer(treat);
  const platform = createManualPlatform();
  const given: [string, string][] = [];
  const onError = ({ code }: RatchetClientError, { id }: Feedback): void => void given.push([code, id]);
  const ratchet = createRatchet({ baseURL, fetch: server.fetch, onError, ...settings }, platform);
  return { ratchet, server, platform, given };
}

/** Ids d1, d2 and so on. */
export const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `d${index + 1}`);

/** A server that has no database now. */
export const unavailable = (): Response =>
  errorAnswer(503, 'store_unavailable', { headers: { 'retry-after': '1' } });

/** Why a promise was refused. */
export const refusalOf = async (promise: Promise<unknown>): Promise<RatchetClientError> => {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof RatchetClientError)) throw new Error('nothing was refused', { cause: error });
  return error;
};

/** What became of a feedback, once it was sent. */
export async function settledOutcome(ratchet: Ratchet, feedback: Feedback): Promise<string> {
  const receipt = ratchet.feedback(feedback);
  await ratchet.flush();
  return (await receipt).outcome;
}
