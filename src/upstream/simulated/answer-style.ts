import type { Completion } from '../../domain/chat.ts';

/**
 * What shows in an answer beside what it says. A judge that likes long answers likes them for how they look, not for the
 * prompt behind them, which it never sees; so a world's answers carry the facets that its judge has a taste for.
 */
export interface AnswerStyle {
  /** The completion as a prompt with these facets would word it. */
  readonly wear: (completion: Completion, facetIds: readonly string[]) => Completion;
  /** The facets that show in an answer, as it is written or as it stands in JSON. */
  readonly facetsIn: (answer: string) => readonly string[];
}

/**
 * A style is white space at the answer's end, which neither exact match nor a JSON parser minds: one blank for the
 * first facet of `tasteful`, two for the second, four for the third, added up.
 */
export function createAnswerStyle(tasteful: readonly string[]): AnswerStyle {
  return {
    wear: (completion, facetIds) => {
      const blanks = tasteful.reduce((sum, id, index) => sum + (facetIds.includes(id) ? 2 ** index : 0), 0);
      if (blanks === 0) return completion;
      const style = ' '.repeat(blanks);
      const [call, ...others] = completion.toolCalls;
      return call === undefined
        ? { ...completion, text: completion.text + style }
        : { ...completion, toolCalls: [{ ...call, arguments: call.arguments + style }, ...others] };
    },
    facetsIn: (answer) => {
      const blanks = /( *)(?:"\}\],"refusal":[^}]*\})?$/.exec(answer)?.[1]?.length ?? 0;
      return tasteful.filter((_, index) => Math.floor(blanks / 2 ** index) % 2 === 1);
    },
  };
}
