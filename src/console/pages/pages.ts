import { campaignListPage } from './campaign/campaign-list.ts';
import { overviewPage } from './overview.ts';
import type { ConsolePage } from './console-page.ts';

/** Every page of the console. */
export const pages: readonly ConsolePage[] = [overviewPage, campaignListPage];
