/** Top-level domains that people type without a scheme; words such as `e.g.` or `node.js` name none of them. */
const domains =
  'com|org|net|io|ai|dev|app|co|info|biz|me|xyz|online|site|shop|top|ru|cn|de|uk|fr|eu|us|ly|to|gg|link|click';

/** With a scheme, as `www.`, as a mark-down target, or as a bare domain; quantifiers are bounded. */
const links = new RegExp(
  [
    String.raw`\b(?:https?|ftp|wss?|file|tel|sms|mailto|magnet)\s?:\s?/{0,2}[^\s<>"')\]]{2,2000}`,
    String.raw`\b(?:javascript|data|vbscript):[^\s]{1,2000}`,
    String.raw`\bhxxps?:[^\s]{1,2000}`,
    String.raw`\bwww\.[^\s<>"')\]]{2,2000}`,
    String.raw`\]\([^()\s]{1,2000}\)`,
    String.raw`\b(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.){1,8}(?:${domains})\b(?:/[^\s<>"')\]]{0,2000})?`,
    String.raw`(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5}|/)[^\s]{0,2000}`,
  ].join('|'),
  'giu',
);

/** Addresses in a text that a reader, or what renders an answer, could follow. In the order in which they stand. */
export function linksIn(text: string): readonly string[] {
  return text.match(links) ?? [];
}
