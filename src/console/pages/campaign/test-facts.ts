import { html } from 'hono/html';
import type {
  AgreementEvidence,
  BehaviourEvidence,
  JudgeEvidence,
  ShadowCoverage,
} from '../../../domain/verdict.ts';
import type { TestTerms } from '../../../domain/test-terms.ts';
import type { CampaignView } from '../../api/campaign.schema.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { countText, differenceText, nothing, percentText } from '../format.ts';
import { eText } from './e-value.ts';

/** What a test has to show, and what limits what it shows: terms, behaviour, coverage. */
export function testFacts({ terms, alphaLevel, verdict }: CampaignView): Html {
  return html`<dl class="facts">
    ${
      alphaLevel === null
        ? fact('Level', 'fixed when the test starts')
        : fact(
            'Level',
            html`α = ${alphaLevel.toPrecision(2)}: promotion takes E ≥ ${eText(-Math.log(alphaLevel))}`,
          )
    }
    ${terms ? termFacts(terms) : fact('Terms', 'settled when the test starts')}
    ${verdict?.evidence.behaviour === undefined ? '' : behaviourFact(verdict.evidence.behaviour)}
    ${verdict?.evidence.coverage === undefined ? '' : coverageFacts(verdict.evidence.coverage)}
  </dl>`;
}

function fact(name: string, value: Html | string): Html {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

function termFacts({
  mode,
  mde,
  margin,
  isStrict,
  guardrails,
  slices,
  secondary,
  anchorId,
}: TestTerms): Html {
  return html`${
    mode === 'superiority'
      ? fact('Has to show', `a better score; less than ${mde} more is not worth waiting for`)
      : fact(
          'Has to show',
          html`a score no worse by
          ${margin}${anchorId === null ? '' : ', nor than the best prompt there has been'}, and better
          ${cutText(secondary?.name ?? '')}`,
        )
  }
  ${guardrails.map(({ name, margin: tolerated, isRequired }) =>
    fact(
      'Guardrail',
      html`${cutText(name, 60)}:
      ${isRequired ? `has to be shown no worse by ${tolerated}` : 'watched; rejects where harm is shown'}`,
    ),
  )}
  ${slices.map(({ name, margin: tolerated }) =>
    fact('Segment', html`${cutText(name, 60)}: has to be shown no worse by ${tolerated}`),
  )}
  ${isStrict ? fact('Strict', 'guardrails and segments are held to the same level') : ''}`;
}

function behaviourFact({ distance, distanceMax, evidenceFactor, pairs }: BehaviourEvidence): Html {
  return fact(
    'Behaviour',
    `answers differ by ${distance.toFixed(2)} beyond what chance does, in ${countText(pairs)} conversations; ${
      evidenceFactor > 1
        ? `more than ${distanceMax}, so that promotion takes ${evidenceFactor} times the evidence`
        : `up to ${distanceMax} nothing more is asked`
    }`,
  );
}

function coverageFacts({ toolConversations, notComparableShare, unanswered }: ShadowCoverage): Html {
  return html`${
    toolConversations === 0
      ? ''
      : fact(
          'Tools',
          `called in ${countText(toolConversations)} conversations${
            notComparableShare === null
              ? ''
              : `; ${percentText(notComparableShare)} of such requests could not be compared`
          }`,
        )
  }
  ${
    unanswered === 0
      ? ''
      : fact('Unanswered', `${countText(unanswered)} conversations with a request that got no answer`)
  }`;
}

/** What the judge was worth in a test. */
export function judgeFacts(judge: JudgeEvidence): Html {
  const { weight, correctedDifference, effectivePairs, isShifted, calibration } = judge;
  return html`<dl class="facts">
    ${fact(
      'Weight',
      weight === 0
        ? '0: by itself it may reject, never promote'
        : `${weight.toFixed(2)}: it corrects pairs that have ground truth`,
    )}
    ${correctedDifference === null ? '' : fact('Corrected effect', differenceText(correctedDifference))}
    ${effectivePairs === null ? '' : fact('Worth', `${countText(effectivePairs)} pairs with ground truth`)}
    ${isShifted ? fact('Left out', 'ground truth was found not to be missing at random') : ''}
    ${
      calibration === null
        ? fact('Calibration', 'no pair has been rated by both the judge and the truth')
        : html`${fact('Held against truth', `${countText(calibration.pairs)} pairs`)}
          ${fact('Agreement', kappaText(calibration.agreement))}
          ${fact('… on the candidate', kappaText(calibration.onCandidate))}
          ${fact('… on the incumbent', kappaText(calibration.onIncumbent))}
          ${fact(
            'Flatters by',
            `${differenceText(calibration.bias.mean)} (${differenceText(calibration.bias.low)} … ${differenceText(calibration.bias.high)})`,
          )}`
    }
  </dl>`;
}

function kappaText(agreement: AgreementEvidence | null): string {
  if (agreement === null) return nothing;
  const { kappa, low, high } = agreement;
  return `κ ${kappa.toFixed(2)} (${low.toFixed(2)} … ${high.toFixed(2)})`;
}
