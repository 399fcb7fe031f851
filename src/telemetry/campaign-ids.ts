import { contentHash } from '../domain/content-hash.ts';

/**
 * The trace that all steps of a campaign belong to, and the id of its root span. Both follow from the campaign's id,
 * so that a worker that takes over after a crash continues the same trace without having been told of it.
 */
export function campaignTrace(campaignId: string): { readonly traceId: string; readonly rootSpanId: string } {
  const trace = hexOf('campaign trace', campaignId) + hexOf('campaign trace, rest', campaignId).slice(0, 8);
  return { traceId: trace, rootSpanId: hexOf('campaign root span', campaignId).slice(0, 16) };
}

function hexOf(purpose: string, campaignId: string): string {
  return Buffer.from(contentHash(purpose, campaignId), 'base64url').toString('hex');
}
