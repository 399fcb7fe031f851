import { html } from 'hono/html';
import type { Evidence, EvidenceLine } from '../../api/evidence.ts';
import { badge, type Tone } from '../badge.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { percentText } from '../format.ts';
import { eText, logText, wayTo } from './e-value.ts';

/** What the names of e-values stand for; others are those of guardrails and segments. */
const meanings: Readonly<Record<string, string>> = {
  superiority: 'better than the incumbent',
  harm: 'worse than the incumbent',
  futility: 'no gain worth waiting for',
  'non-inferiority': 'not worse than the incumbent by the margin',
  anchor: 'not worse than the anchor by the margin',
  judge: 'worse, as the judge sees it',
};

/** Every e-value of a test beside the bar that it is held against. */
export function evidenceBars(lines: readonly EvidenceLine[]): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Every e-value beside its bar">
    <table class="list">
      <caption class="visually-hidden">
        Every e-value beside its bar
      </caption>
      <thead>
        <tr>
          <th scope="col">What is shown</th>
          <th scope="col" class="gauge">On the way to its bar</th>
          <th scope="col" class="number">E</th>
          <th scope="col" class="number">Bar</th>
          <th scope="col" class="number">ln E</th>
          <th scope="col" class="number">ln bar</th>
          <th scope="col">At its bar</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map(barRow)}
      </tbody>
    </table>
  </div>`;
}

function barRow({ name, hypothesis, logE, logThreshold, effect }: EvidenceLine): Html {
  const way = wayTo(logE, logThreshold);
  const isReached = way === 1;
  const tone: Tone = effect === 'promote' ? 'good' : 'bad';
  return html`<tr>
    <td class="wide">
      ${cutText(nameOf(name), 60)}<br /><small class="muted">against “${hypothesis}”</small>
    </td>
    <td class="gauge">
      <svg width="100%" height="8" role="img" aria-label="${way === null ? 'no bar yet' : percentText(way)}">
        <rect class="track" width="100%" height="8" rx="4"></rect>
        <rect
          class="fill"
          data-tone="${isReached ? tone : 'quiet'}"
          width="${(100 * (way ?? 0)).toFixed(1)}%"
          height="8"
          rx="4"
        ></rect>
      </svg>
    </td>
    <td class="number">${eText(logE)}</td>
    <td class="number">${eText(logThreshold)}</td>
    <td class="number">${logText(logE)}</td>
    <td class="number">${logText(logThreshold)}</td>
    <td>
      ${isReached ? badge(effect === 'promote' ? 'reached' : 'rejects', tone) : html`<span class="muted">${effect}s</span>`}
    </td>
  </tr>`;
}

function nameOf(name: string): string {
  if (name.startsWith('slice:')) return `segment ${name.slice('slice:'.length)}`;
  return meanings[name] ?? name;
}

const agreementTones: Readonly<Record<Evidence['agreement'], Tone>> = {
  agrees: 'good',
  behind: 'info',
  differs: 'bad',
  none: 'quiet',
};

/** Whether the stored verdict follows from the ledger. */
export function agreementOf({ agreement, explanation }: Pick<Evidence, 'agreement' | 'explanation'>): Html {
  return html`<p>
    ${badge(`verdict ${agreement === 'none' ? 'not given' : agreement}`, agreementTones[agreement])}
    <span class="muted">${cutText(explanation, 400)}</span>
  </p>`;
}
