import { createAnswerDraw } from './answer-draw.ts';
import { chanceGivenInput, inputLuck, isRight } from './chance.ts';
import type { Moment } from './moment.ts';
import { nearestText } from './nearest-text.ts';
import { normalQuantile } from './normal.ts';
import type { QualityModel } from './quality-model.ts';
import { remember } from './remember.ts';
import type { RecordedPrompt, ReplayWorld, WorldInput } from './world.ts';
import { answersTo } from './wrong-answers.ts';

/** A model that gets right what a recorded model got right. */
export interface ReplayModel extends QualityModel {
  /** The prompts with a record under the model of this moment, and the share of items that each got right. */
  readonly recordings: () => readonly { readonly prompt: RecordedPrompt; readonly accuracy: number }[];
}

/** What is known of one prompt under one model. */
interface Recording {
  readonly prompt: RecordedPrompt;
  readonly accuracy: number;
  /** One mark per item; `null` where only the accuracy is known. */
  readonly marks: string | null;
}

/** c of answers that are drawn from an accuracy. */
const aggregateConsistency = 0.5;

// Records tell neither length nor time of an answer.
const outputTokens = 20;
const latencyMs = 300;

const promptsMax = 20_000;

/**
 * Answers item i under prompt p as `outcomes[model][p]` says, every time alike; where only the accuracy is recorded,
 * a right answer is drawn as in a facets world with p = accuracy and c = 0.5. A prompt without a record under the
 * model of the moment answers as the recorded one that is nearest in tokens.
 */
export function createReplayModel(
  world: ReplayWorld,
  { seed, moment }: { seed: number; moment: Moment },
): ReplayModel {
  const inputs = world.items.map(({ text, answer, segment }): WorldInput => ({
    text,
    answer,
    segment,
    difficulty: 0,
  }));
  const inputLucks = inputs.map(({ text }) => inputLuck(seed, text));
  const drawAnswer = createAnswerDraw(seed, { inputs, inputLucks }, ({ segment }) =>
    answersTo(inputs.filter((input) => input.segment === segment)),
  );

  let standing = standingAt(world, moment.request());
  let phase = moment.phase();
  const now = (): Standing => {
    if (phase !== moment.phase()) standing = standingAt(world, moment.request());
    phase = moment.phase();
    return standing;
  };

  const trueValues = new WeakMap<Recording, number>();
  const trueValueOf = (recording: Recording): number => {
    if (recording.marks !== null) return recording.accuracy;
    const known = trueValues.get(recording);
    if (known !== undefined) return known;
    const quantile = normalQuantile(recording.accuracy);
    const chances = inputLucks.map((luck) => chanceGivenInput(quantile, aggregateConsistency, luck));
    const trueValue = chances.reduce((sum, chance) => sum + chance, 0) / inputs.length;
    trueValues.set(recording, trueValue);
    return trueValue;
  };

  return {
    inputs,
    facetsIn: () => [],
    recordings: () => now().recordings,
    trueValue: (prompt) => trueValueOf(now().recordingOf(prompt)),
    answer: (prompt, input) => {
      const { marks, accuracy } = now().recordingOf(prompt);
      const drawn = drawAnswer(prompt, input, (luck) =>
        marks === null ? isRight(normalQuantile(accuracy), aggregateConsistency, luck) : marks[input] === '1',
      );
      return { ...drawn, outputTokens, latencyMs };
    },
  };
}

interface Standing {
  readonly recordings: readonly Recording[];
  readonly recordingOf: (prompt: string) => Recording;
}

function standingAt(world: ReplayWorld, request: number): Standing {
  const model = world.shifts.findLast(({ atRequest }) => atRequest <= request)?.model ?? world.model;
  const recordings = world.prompts.flatMap((prompt) => recordingUnder(world, model, prompt));
  const texts = recordings.map(({ prompt }) => prompt.text);
  const nearest = nearestText(texts);
  const recordingOf = remember((prompt) => {
    const recording = recordings[nearest(prompt)];
    if (recording === undefined) throw new RangeError(`model ${model} has no recordings`);
    return recording;
  }, promptsMax);
  return { recordings, recordingOf };
}

function recordingUnder(world: ReplayWorld, model: string, prompt: RecordedPrompt): Recording[] {
  const marks = world.outcomes[model]?.[prompt.id];
  if (marks !== undefined) {
    const right = marks.split('').filter((mark) => mark === '1').length;
    return [{ prompt, marks, accuracy: right / marks.length }];
  }
  const accuracy = world.accuracy[model]?.[prompt.id];
  return accuracy === undefined ? [] : [{ prompt, marks: null, accuracy }];
}
