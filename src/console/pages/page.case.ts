import { expect } from 'vitest';
import { operatorToken, type ApiWorld } from '../api/api-world.case.ts';

/** What users, models and developers may write. */
export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</pre></td></main><b>bold</b>',
  'javascript:alert(1)',
  '{{constructor}} ${7*7} <%= 1 %>',
  '\u202Etxt.exe \u05E9\u05DC\u05D5\u05DD \u0007',
  `long ${'x'.repeat(20_000)}`,
];

/** All of them in one text. */
export const hostile: string = hostileTexts.join('\n');

/** The markup of a page, which has to be there. */
export async function readPage(
  world: ApiWorld,
  path: string,
  token: string = operatorToken.secret,
): Promise<string> {
  const response = await world.request(path, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status, path).toBe(200);
  const page = await response.text();
  expect(markupFaults(page), path).toEqual([]);
  return page;
}

/** What a person reads of the content of a page. */
export function wordsOf(page: string): string {
  const text = mainOf(page)
    .replaceAll(/<\/?(?:a|bdi|code|del|ins|q|span|strong|time)\b[^>]*>/gi, '')
    .replaceAll(/<[a-z!/][^>]*>/gi, ' ');
  return decoded(text).replaceAll(/\s+/g, ' ').trim();
}

/** Where the links of the content of a page lead, each once. */
export function linksOf(page: string): readonly string[] {
  const links = tagsOf(mainOf(page)).flatMap((tag) =>
    /^<a\s/i.test(tag) ? (attributeOf(tag, 'href') ?? []) : [],
  );
  return [...new Set(links)].filter((link) => !link.startsWith('#'));
}

/** A form that changes something. */
export interface PageForm {
  readonly action: string;
  /** Hidden fields. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The forms of the content of a page that change something. */
export function formsOf(page: string): readonly PageForm[] {
  return [...mainOf(page).matchAll(/<form\b[^>]*method="post"[^>]*>.*?<\/form>/gs)].map(([form]) => ({
    action: attributeOf(form, 'action') ?? '',
    fields: Object.fromEntries(
      tagsOf(form)
        .filter((tag) => /type="hidden"/.test(tag))
        .map((tag) => [attributeOf(tag, 'name') ?? '', attributeOf(tag, 'value') ?? '']),
    ),
  }));
}

/** Sends a form as a browser does, with what a person fills in. */
export async function sendForm(
  world: ApiWorld,
  { action, fields }: PageForm,
  filled: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return world.request(action, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, ...filled }).toString(),
  });
}

function mainOf(page: string): string {
  return /<main[^>]*>(.*)<\/main>/s.exec(page)?.[1] ?? page;
}

/** What no page may hold, whatever texts are in it. */
function markupFaults(page: string): readonly string[] {
  return tagsOf(page).filter((tag) => {
    const bare = tag.replaceAll(/="[^"]*"/g, '=');
    const href = attributeOf(tag, 'href');
    return (
      /^<script(?! (?:[a-z="]+ )?(?:defer )?src=)/i.test(tag) ||
      /^<(?:b|img(?! src="\/console\/assets\/)|iframe|object|base|style)\b/i.test(tag) ||
      /\s(?:on\w+|style)\s*=/i.test(bare) ||
      (href !== undefined && !/^(?:\/|#)/.test(href))
    );
  });
}

/** Values of attributes are escaped, so that no tag has another `>` than its last. */
function tagsOf(page: string): readonly string[] {
  return page.match(/<[a-z!/][^>]*>/gi) ?? [];
}

function attributeOf(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : decoded(found);
}

function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
