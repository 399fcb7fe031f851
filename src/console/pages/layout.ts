import { html } from 'hono/html';
import type { Actor } from '../actor.ts';
import { assetPath, type AssetName } from '../assets.ts';
import { badge } from './badge.ts';
import type { Html, PageView } from './console-page.ts';

/** What the frame of a page says besides the page. */
export interface Frame {
  /** `null` before anyone has signed in. */
  readonly actor: Actor | null;
  /** Whether there are tokens, so that one can sign out. */
  readonly hasSessions: boolean;
  /** Whether anything is proposed. */
  readonly learning: { readonly isOn: boolean; readonly reason: string };
  /** What was just done, to be said once. */
  readonly notice: string | null;
  /** Path of the page, to mark its place in the navigation. */
  readonly path: string;
}

const places = [
  { href: '/console', title: 'Tasks', key: 't' },
  { href: '/console/campaigns', title: 'Campaigns', key: 'c' },
  { href: '/console/decisions', title: 'Decisions', key: 'd' },
  { href: '/console/audit', title: 'Audit', key: 'a' },
] as const;

/** A whole page: the frame that all share around what is particular to it. */
export function layout(
  { title, crumbs = [], body, live, scripts = [], styles = [] }: PageView,
  frame: Frame,
): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Ratchet</title>
        <link rel="icon" href="${assetPath('icon.svg')}" type="image/svg+xml" />
        <link rel="stylesheet" href="${assetPath('console.css')}" />
        ${styles.map((name) => html`<link rel="stylesheet" href="${assetPath(name)}" />`)}
        <script src="${assetPath('theme.js')}"></script>
        ${scripts.filter(isClassic).map((name) => html`<script defer src="${assetPath(name)}"></script>`)}
        ${['keyboard.js' as const, ...(live === undefined ? [] : ['live.js' as const])].map(moduleTag)}
        ${scripts.filter((name) => !isClassic(name)).map(moduleTag)}
      </head>
      <body ${live === undefined ? '' : html`data-live="${live}"`}>
        <a class="skip" href="#main">Skip to the content</a>
        ${bar(frame)}
        <main id="main" tabindex="-1">
          ${crumbs.length === 0 ? '' : trail(crumbs)}
          ${frame.notice === null ? '' : html`<p class="notice" role="status">${frame.notice}</p>`} ${body}
        </main>
        ${keys}
      </body>
    </html>`;
}

function bar({ actor, hasSessions, learning, path }: Frame): Html {
  return html`<header class="bar">
    <a class="brand" href="/console"
      ><img src="${assetPath('icon.svg')}" alt="" width="22" height="22" />Ratchet</a
    >
    ${
      actor === null
        ? ''
        : html`<nav aria-label="Console">
              ${places.map(
                ({ href, title, key }) =>
                  html`<a
                    href="${href}"
                    data-key="${key}"
                    ${isHere(href, path) ? html`aria-current="page"` : ''}
                    >${title}</a
                  >`,
              )}
            </nav>
            <form class="search" action="/console/search" role="search">
              <input
                type="search"
                name="q"
                placeholder="Search tasks and ids"
                aria-label="Search tasks, campaigns, decisions and episodes"
                maxlength="500"
              />
            </form>
            <span class="live-light" data-live-light="connecting" role="status" hidden></span>
            ${
              learning.isOn
                ? badge('learning on', 'good', learning.reason)
                : badge('learning off', 'quiet', learning.reason)
            }`
    }
    <button class="quiet" type="button" data-theme-toggle hidden aria-label="Light or dark">◐</button>
    ${
      actor === null || !hasSessions
        ? ''
        : html`<form method="post" action="/console/sign-out" class="inline">
            <button class="quiet" title="${actor.id}, ${actor.role}">Sign out ${actor.id}</button>
          </form>`
    }
  </header>`;
}

function isHere(href: string, path: string): boolean {
  if (href === '/console') return path === href || path.startsWith('/console/tasks');
  return path === href || path.startsWith(`${href}/`);
}

function trail(crumbs: NonNullable<PageView['crumbs']>): Html {
  return html`<nav class="crumbs" aria-label="Where this is">
    <ol>
      ${crumbs.map(({ title, href }) => html`<li><a href="${href}">${title}</a></li>`)}
    </ol>
  </nav>`;
}

/** uPlot is a classic script; everything of ours is a module. */
function isClassic(name: AssetName): boolean {
  return name === 'uplot.js';
}

function moduleTag(name: AssetName): Html {
  return html`<script type="module" src="${assetPath(name)}"></script>`;
}

const keys: Html = html`<dialog data-keys aria-labelledby="keys-title">
  <h2 id="keys-title">Keys</h2>
  <dl class="facts">
    <dt><kbd>/</kbd></dt>
    <dd>search</dd>
    <dt><kbd>j</kbd> <kbd>k</kbd></dt>
    <dd>next and previous row; <kbd>Enter</kbd> opens it</dd>
    ${places.map(
      ({ title, key }) =>
        html`<dt><kbd>g</kbd> <kbd>${key}</kbd></dt>
          <dd>${title}</dd>`,
    )}
    <dt><kbd>?</kbd></dt>
    <dd>these keys</dd>
  </dl>
  <form method="dialog"><button class="button">Close</button></form>
</dialog>`;
