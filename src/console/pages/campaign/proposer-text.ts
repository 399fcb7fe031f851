import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';

/** Who proposed something: an optimizer by its name, or a person. */
export function proposerText(optimizer: string): Html | string {
  return optimizer === 'by-hand' ? 'a person' : cutText(optimizer, 40);
}
