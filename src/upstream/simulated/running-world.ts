import type { ChatModel } from '../chat-model.ts';
import { fillSkeleton, type SlotValues } from '../../domain/skeleton.ts';
import { createAgent, type Agent } from './agent.ts';
import { createAnswerStyle } from './answer-style.ts';
import { asChat } from './as-chat.ts';
import { createFacetsModel } from './facets-model.ts';
import { systemPromptAt } from './facets-timeline.ts';
import { createJudgeModel } from './judge-model.ts';
import { createMoment, type Moment } from './moment.ts';
import { createPoolOptimizer, type OptimizerModel } from './optimizer-model.ts';
import type { QualityModel } from './quality-model.ts';
import { createReplayModel } from './replay-model.ts';
import { createRecordOptimizer } from './replay-optimizer.ts';
import { createSimulatedModel, type CallCounts, type SimulatedAnswer } from './simulated-model.ts';
import { parsePrompt, slotCombinations, slotNamesIn, type SlotChoices } from './slots.ts';
import { createTokenCount, type TokenCount } from './token-count.ts';
import type { AgentRequest } from '../../domain/agent-request.ts';
import type { FacetsWorld, OutputForm, ReplayWorld, World, WorldInput } from './world.ts';

/** A world with its agent, models and clock of requests. Equal worlds and seeds behave alike, call for call. */
export interface RunningWorld {
  readonly world: World;
  readonly seed: number;
  readonly agent: Agent;
  /** Answers a call of the agent, the optimizer or the judge. Throws `invalid_request`. */
  readonly answer: (request: AgentRequest) => SimulatedAnswer;
  /** `answer` as the port that learner and gate call. */
  readonly model: ChatModel;
  readonly calls: () => CallCounts;
  /** Number of the live request under way, from 0. */
  readonly request: () => number;
  /** Moves the world to a live request. The agent does so itself with each request that it makes. */
  readonly setRequest: (request: number) => void;
  /** Changes whenever a shift or a new prompt of the agent has; true values are constant within a phase. */
  readonly phase: () => number;
  /** Request at which the newest shift came into force; `null` before the first. New prompts of the agent do not count. */
  readonly lastShiftAt: () => number | null;
  /** The agent's own prompt at this moment. */
  readonly ownPrompt: (slots: SlotValues) => string;
  /**
   * The true value in [0, 1], at this moment, of serving `promptFor(slots)` for the agent's own prompt: the mean
   * chance of a right answer over inputs and slot values, as often as the agent draws them.
   */
  readonly trueValue: (promptFor: (slots: SlotValues) => string) => number;
}

/** Combinations of slot values that true values are averaged over; slots matter little, through length and facets. */
const combinationsMax = 24;

/** Starts a world at its first request. `seed` is a safe integer. */
export function startWorld(world: World, seed: number): RunningWorld {
  const countTokens = createTokenCount();
  const moment = createMoment(changesOf(world));
  const stage = stageOf(world, { seed, moment, countTokens });
  const { quality, optimizer, slots, promptAt } = stage;
  const indexes = indexesByText(quality.inputs);
  const inputOf = (text: string): number | undefined => indexes.get(text.trim());

  const style = createAnswerStyle(Object.keys(world.judge.facetBias));
  const judge = createJudgeModel(
    world.judge,
    {
      inputOf: (text) => quality.inputs[inputOf(text) ?? -1],
      facetsIn: quality.facetsIn,
      facetsShown: style.facetsIn,
    },
    seed,
  );
  const { output, malformed } = stage;
  const simulated = createSimulatedModel({
    quality,
    style,
    optimizer,
    judge,
    inputOf,
    output,
    malformed,
    countTokens,
  });
  const agent = createAgent({
    seed,
    moment,
    inputs: quality.inputs,
    slots,
    turns: stage.turns,
    output,
    feedback: world.feedback,
    systemPromptAt: promptAt,
    facetsIn: quality.facetsIn,
  });
  const combinations = (): readonly SlotValues[] =>
    slotCombinations(slots, slotNamesIn(promptAt(moment.request())), { seed, combinationsMax });

  return {
    world,
    seed,
    agent,
    answer: (request) => simulated.answer(asChat(request)),
    model: { complete: async (request) => simulated.answer(asChat(request)) },
    calls: simulated.calls,
    request: moment.request,
    setRequest: moment.setRequest,
    phase: moment.phase,
    lastShiftAt: () =>
      world.shifts.findLast(({ atRequest }) => atRequest <= moment.request())?.atRequest ?? null,
    ownPrompt: (values) => fillSkeleton(parsePrompt(promptAt(moment.request())), values),
    trueValue: (promptFor) => {
      const values = combinations().map((combination) => quality.trueValue(promptFor(combination)));
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    },
  };
}

/** Of equal texts the first. */
function indexesByText(inputs: readonly WorldInput[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  for (const [index, { text }] of inputs.entries())
    if (!indexes.has(text.trim())) indexes.set(text.trim(), index);
  return indexes;
}

/** What differs between the kinds of worlds. */
interface Stage {
  readonly quality: QualityModel;
  readonly optimizer: OptimizerModel;
  readonly slots: SlotChoices;
  readonly turns: number;
  readonly output: OutputForm;
  readonly malformed: number;
  readonly promptAt: (request: number) => string;
}

interface Setting {
  readonly seed: number;
  readonly moment: Moment;
  readonly countTokens: TokenCount;
}

function stageOf(world: World, setting: Setting): Stage {
  switch (world.kind) {
    case 'facets':
      return facetsStage(world, setting);
    case 'replay':
      return replayStage(world, setting);
  }
}

function facetsStage(world: FacetsWorld, setting: Setting): Stage {
  const quality = createFacetsModel(world, setting);
  return {
    quality,
    optimizer: createPoolOptimizer(world, quality, setting.seed),
    slots: world.agent.slots,
    turns: world.agent.turns,
    output: world.model.output,
    malformed: world.model.malformed,
    promptAt: (request) => systemPromptAt(world, request),
  };
}

function replayStage(world: ReplayWorld, setting: Setting): Stage {
  const quality = createReplayModel(world, setting);
  const baseline = world.prompts.find(({ id }) => id === world.baseline)?.text ?? '';
  return {
    quality,
    optimizer: createRecordOptimizer(world, quality, setting.seed),
    slots: {},
    turns: 1,
    output: 'text',
    malformed: 0,
    promptAt: () => baseline,
  };
}

function changesOf(world: World): readonly number[] {
  const shifts = world.shifts.map(({ atRequest }) => atRequest);
  if (world.kind === 'replay') return shifts;
  return [...shifts, ...world.agent.promptChange.map(({ atRequest }) => atRequest)];
}
