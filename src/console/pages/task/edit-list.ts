import { html } from 'hono/html';
import type { CreditedEdit, CreditReport } from '../../../domain/credit-report.ts';
import { editKey } from '../../../domain/edit-key.ts';
import type { Edit } from '../../../domain/edit.ts';
import { badge, type Tone } from '../badge.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { countText, differenceText } from '../format.ts';
import { editInWords } from './edit-in-words.ts';
import { effectMark } from './effect-mark.ts';

const verdicts: Readonly<Record<CreditedEdit['verdict'], readonly [string, Tone]>> = {
  positive: ['helps', 'good'],
  negative: ['hurts', 'bad'],
  neutral: ['makes no difference', 'quiet'],
  unclear: ['unclear', 'watch'],
  'not-identified': ['cannot be told', 'quiet'],
};

/** Edits in their order, numbered, each with what it is worth. */
export function editList(edits: readonly Edit[], credit: CreditReport | null): Html {
  const known = new Map(credit?.edits.map((credited) => [credited.key, credited]));
  const own = edits.map((edit) => known.get(editKey(edit)));
  const reach = Math.max(
    0.05,
    ...own.flatMap((credited) =>
      credited?.effect ? [Math.abs(credited.effect.low), Math.abs(credited.effect.high)] : [],
    ),
  );
  return html`<ol class="edits">
    ${edits.map(
      (edit, index) =>
        html`<li>
          <p>
            <strong>${cutText(edit.intent === '' ? edit.op : edit.intent)}</strong>
            ${verdictBadge(own[index])}
          </p>
          <div class="edit-text">${editInWords(edit)}</div>
          ${worth(own[index], reach)}
        </li>`,
    )}
  </ol>`;
}

function verdictBadge(credited: CreditedEdit | undefined): Html | string {
  if (credited === undefined) return '';
  const [text, tone] = verdicts[credited.verdict];
  return badge(text, tone, credited.reason ?? undefined);
}

function worth(credited: CreditedEdit | undefined, reach: number): Html {
  if (credited === undefined)
    return html`<p class="muted">No credit yet: the gate looks again when there is more feedback.</p>`;
  const { effect, tokens, reason, episodesWith, episodesWithout, isRemovalProposed } = credited;
  const length = `${tokens < 0 ? '−' : '+'}${countText(Math.abs(tokens))} tokens`;
  const compared = `${countText(episodesWith)} conversations with it, ${countText(episodesWithout)} without`;
  return html`<p class="worth">
      ${
        effect === null
          ? ''
          : html`${effectMark(effect, reach)}
              <span class="number"
                >${differenceText(effect.estimate)}
                <span class="muted"
                  >(${differenceText(effect.low)} to ${differenceText(effect.high)})</span
                ></span
              >`
      }
      <span class="muted">${length} · ${compared}</span>
    </p>
    ${reason === null ? '' : html`<p class="muted">${cutText(reason, 300)}</p>`}
    ${isRemovalProposed ? html`<p>${badge('removal proposed', 'watch')}</p>` : ''}`;
}
