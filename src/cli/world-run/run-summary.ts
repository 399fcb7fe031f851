import type { RunReport } from './run-report.ts';
import { sparkline } from './dashboard.ts';

/** A report in words, one line a fact. */
export function summaryLines(report: RunReport): readonly string[] {
  const { campaigns, baseline, final, best, trueMeanReward, baselineOnly } = report;
  const mended = trueMeanReward.total - baselineOnly.total;
  return [
    `world ${report.world}, seed ${report.seed}: ${report.requests} requests, ${report.feedback} feedback values`,
    `true value   ${baseline.toFixed(3)} with the agent's own prompt, ${final.toFixed(3)} with the prompt that serves now (${signed(final - baseline)}), ${best.toFixed(3)} the best proposed`,
    `over time    ${sparkline(trueMeanReward.points, 50)} mean ${trueMeanReward.total.toFixed(3)}, ${signed(mended)} against the agent's own prompt all along`,
    `campaigns    ${campaigns.proposed} proposed: ${campaigns.screened_out} screened out, ${campaigns.rejected} rejected, ${campaigns.inconclusive} inconclusive, ${campaigns.promoted} promoted, ${campaigns.rolled_back} rolled back`,
    `harmful      ${report.harmfulPromotions} of ${campaigns.promoted} promotions`,
    ...report.alarms.map(
      ({ atRequest, cause, action, delay }) =>
        `alarm        at request ${atRequest}, ${delay} after the change: ${cause}, ${action}`,
    ),
    `spent        ${report.shadowRequests} shadow requests, ${report.optimizerCalls} optimizer calls, ${report.judgeCalls} judge calls, $${report.usd.toFixed(2)}`,
  ];
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(3)}`;
}
