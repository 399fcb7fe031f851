import { auditPage } from './audit.ts';
import { campaignListPage } from './campaign/campaign-list.ts';
import { campaignPage } from './campaign/campaign-page.ts';
import { decisionListPage } from './decision/decision-list.ts';
import { decisionPage } from './decision/decision-page.ts';
import { overviewPage } from './overview.ts';
import { searchPage } from './search.ts';
import { plansPage } from './task/plans-page.ts';
import { proposePage } from './task/propose-page.ts';
import { taskPage } from './task/task-page.ts';
import { variantPage } from './task/variant-page.ts';
import { variantsPage } from './task/variants-page.ts';
import type { ConsolePage } from './console-page.ts';

/** Every page of the console. */
export const pages: readonly ConsolePage[] = [
  overviewPage,
  taskPage,
  variantsPage,
  variantPage,
  plansPage,
  proposePage,
  campaignListPage,
  campaignPage,
  decisionListPage,
  decisionPage,
  auditPage,
  searchPage,
];
