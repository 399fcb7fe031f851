import type { HtmlEscapedString } from 'hono/utils/html';
import type { Actor } from '../actor.ts';
import type { ApiDeps } from '../api/api-deps.ts';
import type { Operation } from '../api/operation.schema.ts';
import type { AssetName } from '../assets.ts';

/** Markup whose variable parts have been escaped: what `html` of hono makes. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** One page of the console. */
export interface ConsolePage {
  /** With parameters as Hono has them, such as `/console/tasks/:task`. */
  readonly path: string;
  /** What it shows, or where to go instead. A `RatchetError` is shown as a page of its own. */
  readonly show: (request: PageRequest) => Promise<PageView | Redirect>;
}

/** What a page is asked for. */
export interface PageRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly actor: Actor;
  readonly deps: ApiDeps;
  /** What an operation of the API answers, in this process, checked by the same schemas. */
  readonly ask: Ask;
  /** The present moment, milliseconds since the epoch. */
  readonly nowMs: number;
  /** Where the browser reached this server, such as `https://ratchet.example`. */
  readonly origin: string;
}

/** Asks an operation that answers with a value. */
export type Ask = <Result>(
  operation: Operation<Result>,
  given?: {
    readonly params?: Readonly<Record<string, string>>;
    /** Values as a query has them: texts. */
    readonly query?: Readonly<Record<string, string>>;
  },
) => Promise<Result>;

/** What a page shows, to be put in the frame that all share. */
export interface PageView {
  /** First of what stands in the browser's tab, and the heading that a screen reader hears first. */
  readonly title: string;
  /** Where in the console it is; the page itself is not among them. */
  readonly crumbs?: readonly Crumb[];
  readonly body: Html;
  /** What the page follows as it happens: the id of a task, or `all`. Default: nothing. */
  readonly live?: string;
  /** Besides those of every page. */
  readonly scripts?: readonly AssetName[];
  readonly styles?: readonly AssetName[];
}

/** The page to go to instead, one of this console. */
export interface Redirect {
  readonly redirectTo: string;
}

/** A place above a page. */
export interface Crumb {
  readonly title: string;
  readonly href: string;
}
