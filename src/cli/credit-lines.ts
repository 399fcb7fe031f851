import type { CreditedEdit, CreditReport } from '../domain/credit-report.ts';
import { signed } from './lines/figures.ts';
import { terminalText } from './terminal-text.ts';

const reasons: ReadonlyMap<string, string> = new Map([
  ['no-counterpart', 'never served both with it and, but for it alone, without it'],
  ['no-overlap', 'such prompts never served at the same time'],
  ['too-few', 'fewer than two answered episodes on a side'],
  ['wide-interval', 'not known yet'],
  ['contexts-differ', 'not the same beside other edits'],
]);

/** The credit of a task's edits, for a terminal. */
export function creditLines({ edits, episodes }: CreditReport): readonly string[] {
  if (edits.length === 0) return [`no edit has served in the ${episodes} answered episodes at hand`];
  return [`${episodes} answered episodes`, ...edits.flatMap(editLines)];
}

function editLines(credited: CreditedEdit): readonly string[] {
  const { edit, effect, verdict, reason, tokens, episodesWith, episodesWithout } = credited;
  const text = 'text' in edit ? edit.text : edit.find;
  const worth =
    effect === null
      ? `not identified: ${reasons.get(reason ?? '') ?? reason}`
      : `${signed(effect.estimate)} [${signed(effect.low)}, ${signed(effect.high)}] ${verdict}${
          reason === null ? '' : `: ${reasons.get(reason) ?? reason}`
        }, ${Math.round(episodesWith)} episodes with and ${Math.round(episodesWithout)} without it`;
  const where = credited.isServing ? 'serves' : 'no longer serves';
  const removal = credited.isRemovalProposed ? '; proposed for removal' : '';
  return [
    `${credited.key}  ${edit.op} "${terminalText(text, 60)}" (${terminalText(edit.intent, 40)})`,
    `  ${worth}`,
    `  ${where}, ${tokens >= 0 ? '+' : ''}${tokens} tokens${removal}`,
  ];
}
