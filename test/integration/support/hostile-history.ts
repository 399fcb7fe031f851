import { moveCampaign } from '../../../src/domain/campaign.ts';
import { literalSkeleton } from '../../../src/domain/skeleton.ts';
import { makeVariant } from '../../../src/domain/variant.ts';
import {
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  sampleShadowRun,
  sampleTask,
  startMs,
} from '../../../src/store/samples.case.ts';
import type { Store } from '../../../src/store/store.ts';

/** Texts that do something where a page takes them for anything but text. Each sets `window.pwned` when it succeeds. */
export const hostileTexts: readonly string[] = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror="window.pwned=1">',
  '"><svg onload=window.pwned=1>',
  "'><iframe srcdoc='<script>parent.pwned=1</script>'>",
  '</textarea></pre></title><script>window.pwned=1</script>',
  '" autofocus onfocus="window.pwned=1" x="',
  'javascript:window.pwned=1//',
  "{{constructor.constructor('window.pwned=1')()}}",
  '${window.pwned=1}',
  '<a href="javascript:window.pwned=1" class="button">Approve</a>',
  '<form action="https://evil.example"><button>Save</button></form>',
  '<!--<base href="https://evil.example/">-->',
  '\u202Etxet desrever\u202C <b onmouseover=window.pwned=1>',
  '&lt;script&gt;window.pwned=1&lt;/script&gt;',
];

const mixed = hostileTexts.join('\n');

/** A task of which every text, and every id that others choose, is hostile. */
export async function plantHostileHistory(store: Store): Promise<void> {
  const taskId = 'hostile "><script>window.pwned=1</script>';
  await store.registerTask({
    ...sampleTask(),
    id: taskId,
    name: `${hostileTexts[0]} ${hostileTexts[2]}`,
    baseline: { version: 1, skeleton: literalSkeleton(mixed), stableFor: 1 },
  });
  const variant = makeVariant(taskId, 1, [{ op: 'insert', text: mixed, intent: hostileTexts[3] ?? '' }]);
  const base = sampleCampaign('c<svg onload=window.pwned=1>', { taskId });
  const campaign = { ...base, proposal: { ...base.proposal, variant, optimizer: hostileTexts[5] ?? '' } };
  await store.addCampaign(campaign);
  const screened = moveCampaign(campaign, 'screened', { atMs: startMs, reason: mixed });
  await store.commitGate({
    taskId,
    campaigns: [screened],
    audit: {
      actor: hostileTexts[0] ?? '',
      action: 'reject',
      taskId,
      subject: campaign.id,
      before: hostileTexts[2] ?? '',
      after: hostileTexts[3] ?? '',
      reason: mixed,
      atMs: startMs,
    },
  });
  const decisions = hostileTexts.map((text, index) =>
    sampleDecision(`h${index}"><img src=x onerror=window.pwned=1>`, {
      taskId,
      atMs: startMs + index,
      episodeId: `e${index}${text}`,
      completionId: text,
      segment: text,
      model: text,
      content: {
        request: {
          model: text,
          messages: [
            { role: 'system', content: text },
            { role: 'user', content: mixed },
          ],
        },
        slots: { [text]: text },
        completion: {
          text: mixed,
          toolCalls: [{ name: text, arguments: mixed }],
          finishReason: text,
          refusal: text,
        },
      },
    }),
  );
  await store.recordDecisions(decisions);
  await store.recordFeedback(
    decisions.map((decision) =>
      sampleFeedback(decision, { value: 1, comment: mixed, expected: mixed }, { tags: { [mixed]: mixed } }),
    ),
  );
  await store.saveShadowRuns(
    decisions.map(({ decisionId }) =>
      sampleShadowRun(decisionId, {
        taskId,
        variantId: variant.id,
        completion: { text: mixed, toolCalls: [], finishReason: 'stop', refusal: null },
      }),
    ),
  );
}
