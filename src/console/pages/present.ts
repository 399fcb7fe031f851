import type { Context } from 'hono';
import type { ConsoleEnv } from '../actor.ts';
import type { PageView } from './console-page.ts';

/** Answers with a page in its frame. */
export type Present = (context: Context<ConsoleEnv>, view: PageView, status?: number) => Promise<Response>;
