import type { Completion } from '../domain/chat.ts';

/**
 * Whether an answer declines to answer: the model says so in its own field, a content filter ended it, or the text
 * opens with a refusal. Only the opening counts, so that an answer may speak of what someone cannot do.
 */
export function isRefusal({ refusal, finishReason, text }: Completion): boolean {
  if (refusal !== null && refusal !== '') return true;
  return finishReason === 'content_filter' || refusing.test(text.slice(0, openingLength));
}

const openingLength = 160;

const refusing =
  /^\W*(?:(?:i['’]?m|i am|we['’]?re) (?:very |so |really )?sorry\W+(?:but )?|sorry\W+(?:but )?|unfortunately\W+|as an ai\b[^.]*?,? )?(?:i|we) (?:can['’]?t|cannot|can not|won['’]?t|will not|am unable to|['’]?m unable to|am not able to|['’]?m not able to|must decline to) (?:help|assist|comply|answer|do|provide|fulfil|fulfill|continue|discuss|respond|share|create|generate|write)\b/i;
