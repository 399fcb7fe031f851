import { plainText } from './plain-text.ts';

/** Those who write prompts, as nobody who uses an agent speaks of them. */
const writers =
  '(?:optimi[sz]ers?|prompt (?:engineer|writer|editor|improver)s?|reward model|shadow (?:evaluation|test)s?|a/b test)';

/** Whoever reads a prompt but for the assistant it is for: those who write it, test it and grade answers. */
const machinery = `(?:${writers}|graders?|evaluators?|judges?|jury|scorers?|raters?|reviewers?|(?:promotion|quality) gate|learner|ratchet)`;

/** Words between the parts of a phrase. */
const few = String.raw`(?:[^\s.!?]+ ){0,5}`;
const rules =
  '(?:instructions?|rules?|prompts?|polic(?:y|ies)|guidelines?|directions?|directives?|guardrails?|restrictions?|constraints?|safeguards?|system messages?)';

/** What no rule of an assistant needs, in text folded by `plainText`. */
const steering: readonly RegExp[] = [
  // What takes the rules that stand in the prompt away.
  `(?<!\\b(?:never|not|don't|cannot|refuse to) ${few})\\b(?:ignore|disregard|forget|override|bypass|circumvent|discard|drop|abandon) ${few}(?:previous|prior|above|earlier|preceding|existing|former|system|all|any|these|those|your|the) ${few}${rules}\\b`,
  String.raw`\b(?:ignorier|missacht|vergiss|verwirf|umgeh)\w* ${few}(?:anweisung|anleitung|regel|vorgabe|prompt|richtlinie)`,
  String.raw`\b(?:ignore[zr]?|oublie[zr]?) ${few}(?:instructions|consignes|règles)\b`,
  String.raw`\b(?:ignora|ignore|olvida|olvide|dimentica)\w* ${few}(?:instrucciones|reglas|istruzioni|regole|instruções|regras)`,
  String.raw`(?:忽略|无视|無視|忘记).{0,12}(?:指令|说明|提示|规则|指示)`,
  String.raw`игнориру\S* ${few}(?:инструкц|правил|указани)`,
  String.raw`\byou are now (?:a |an |the |in |my |no |free|dan\b|un)`,
  String.raw`\b(?:developer|god|dan|jailbreak|unrestricted|sudo|debug|maintenance) mode\b`,
  String.raw`\bjailbr[eo]ak|\bdo anything now\b|\bprompt injection\b`,
  // Those who write, test and grade.
  String.raw`\b(?:dear|attention|hey|hello|note (?:to|for)|message (?:to|for)|memo to|instructions? (?:to|for)|tell|inform|convince|persuade|ask|order|trick|fool|game) (?:the |any |all |every |whichever |this |an? )?(?:\w+ ){0,2}(?:${machinery}|gate)\b`,
  String.raw`\b${machinery}(?: model| llm| ai| system)?,? (?:must|should|shall|please|will|needs? to|ha(?:s|ve) to|(?:is|are) (?:to|required|asked|told|instructed))\b`,
  String.raw`(?:^|[.!?\n] ?)\W{0,4}(?:to )?(?:the )?${machinery}(?: model| llm| ai)? ?[:,>]`,
  String.raw`\b(?:score|rate|grade|mark|judge|rank|reward|prefer|promote|approve|accept|pass|deploy|ship|upvote) (?:\S+ ){0,3}?(?:this|my|these|our|such an?) (?:\S+ ){0,2}?(?:answer|response|reply|output|candidate|variant|prompt|proposal|edit|change|completion|version)s?\b`,
  String.raw`\b(?:full marks|(?:highest|maximum|perfect|top|max)(?: possible)? (?:score|mark|rating|reward|grade|points)|(?:score|rating|reward|grade|mark)s? (?:of|as|=|:) ?(?:1(?:\.0+)?|5|10|100|perfect)\b(?! to)|10 ?/ ?10|100 ?/ ?100|5 ?/ ?5)`,
  String.raw`\b(?:this|the above|the following|my) (?:answer|response|reply|output|candidate|variant) (?:is|should be|must be) ${few}(?:best|better|correct|preferred|winner|perfect)\b`,
  // What the prompt says belongs to who wrote it.
  String.raw`(?<!\b(?:never|not|n't|cannot|without|refuse to|decline to|avoid|forbidden to) ${few})\b(?:reveal|print|repeat|leak|disclose|output|show|quote|recite|dump|expose|share|translate) ${few}(?:system (?:prompt|message|instructions?)|(?:your|hidden|secret|internal|initial) (?:prompt|instructions?|rules))`,
  // What ends a prompt and begins another, for a model that reads marks.
  String.raw`<\|[a-z_ ]{2,30}\|>|\[/?inst\]|<</?sys>>|</?(?:system|developer)>|(?:^|\n) ?#{1,6} ?(?:system|developer) ?(?:prompt|message)? ?:? ?(?:\n|$)|(?:^|\n) ?\[?(?:system|developer)\]? ?(?:prompt|message|note|override)? ?:`,
  String.raw`"proposals"\s*:|"op"\s*:\s*"(?:insert|replace|delete|move|add-example)"`,
].map((pattern) => new RegExp(pattern, 'iu'));

/** How people ask for a prompt to be changed. */
const editing: readonly RegExp[] = [
  String.raw`\b(?:add|insert|append|prepend|put|write|include|paste|copy|place|inject|embed|attach|move|quote|save|remember|replace|change|update|edit|modify|rewrite|delete|remove|extend|amend|set|improve|optimi[sz]e) ${few}(?:to|into|in|from|of|at|with|as|on)? ?(?:the |your |its |their |this |our |any |an? )?(?:\w+ ){0,2}(?:prompts?|instructions?|system messages?|proposals?|edits?|guidelines|rule ?book|ruleset|variant|skeleton)\b`,
  String.raw`\b(?:prompt|system message|instructions?|proposal|edit)s? (?:must|should|shall|needs? to|ha(?:s|ve) to|ought to|(?:is|are) to|will|now) (?:\w+ ){0,3}(?:say|contain|include|read|state|mention|tell|begin|start|end|be|have|make)\b`,
  String.raw`\b(?:new|updated|additional|extra|revised|mandatory|permanent) (?:system )?(?:rule|instruction|prompt|policy|directive|guideline|edit)s? ?(?::|=|-|\n|is\b|are\b)`,
  String.raw`\b(?:propose|suggest|emit|return|produce|output) ${few}(?:edit|insert|change|proposal|rule|replacement|add-example)s?\b`,
  String.raw`\b(?:while|when|if|as|whenever|before) (?:you |you're |you are )?(?:\w+ ){0,2}(?:improv|optimi[sz]|edit|rewrit|updat|propos|revis|learn)\w* (?:\w+ ){0,3}(?:prompt|instruction|example|rule|this|it)`,
  String.raw`\b(?:füge|schreib|ergänz|setz|nimm|übernimm)\w* ${few}(?:prompt|anweisung|systemnachricht|regel)`,
  String.raw`\b(?:ajoute[zr]?|insère|insérez) ${few}(?:prompt|instructions?|consignes?)|\b(?:añade|agrega|agregue|inserta) ${few}(?:prompt|instrucci|indicaci)`,
  String.raw`\b${writers}\b`,
  String.raw`\bfor all (?:future|other) (?:users|requests|conversations|answers)\b|\b(?:every|all) (?:other )?users? (?:must|should|will) (?:see|get|be)\b|\bend of (?:the )?(?:data|examples?|input|json|prompt|user message)\b`,
].map((pattern) => new RegExp(pattern, 'iu'));

/**
 * Whether a text that is to stand in a prompt speaks to somebody else than the assistant or against the prompt itself: to
 * the optimizer, the gate or a grader; to have rules ignored or told; or in marks that end a message. What the prompt,
 * `own`, does itself, such as that of an agent that grades, does not count.
 */
export function isSteering(text: string, own: string): boolean {
  const [folded, ownFolded] = [plainText(text), plainText(own)];
  return steering.some((pattern) => pattern.test(folded) && !pattern.test(ownFolded));
}

/**
 * Whether a text from traffic reads like an order to whoever edits the prompt. Errs on the side of caution: such a text
 * is only not shown to the optimizer, and other examples are.
 */
export function isAddressedToEditor(text: string): boolean {
  const folded = plainText(text);
  return steering.some((pattern) => pattern.test(folded)) || editing.some((pattern) => pattern.test(folded));
}
