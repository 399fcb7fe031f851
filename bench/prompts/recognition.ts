import { generatedAgents } from '../../src/proxy/agents.case.ts';
import {
  orders,
  recognise,
  reportOn,
  type AgentReport,
  type Order,
} from '../../src/proxy/recognition.case.ts';

/** How well prompts without a name were told apart, over all seeds of one order of requests. */
export interface Recognition {
  readonly order: Order;
  readonly requests: number;
  /** Requests taken for another agent's; each would be served a prompt that is not its own. */
  readonly wrong: number;
  /** Agents that can be told by their prompts, counted once a seed, and how many of them had exactly one task. */
  readonly decidable: number;
  readonly single: number;
  /** Share of these agents' requests that a variant may serve, from the 20th on. */
  readonly served: number;
}

const conversationsEach = 40;

/** Requests of an agent after which its prompt should be known. */
const known = 20;

/** Sends all agents' requests in each order, under each seed. */
export function measureRecognition(seeds: readonly number[]): readonly Recognition[] {
  return orders.map((order) => {
    const reports = seeds.map((seed) => reportOn(recognise(order, seed, conversationsEach, generatedAgents)));
    const agents = reports.flatMap((report) => report.agents).filter(({ agent }) => agent.isDecidable);
    return {
      order,
      requests: sum(reports.map(({ requests }) => requests)),
      wrong: sum(reports.map(({ wrongRequests }) => wrongRequests)),
      decidable: agents.length,
      single: agents.filter(({ tasks }) => tasks === 1).length,
      served: sum(agents.map(servedShare)) / agents.length,
    };
  });
}

function servedShare({ servedAfter }: AgentReport): number {
  return servedAfter[known] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
