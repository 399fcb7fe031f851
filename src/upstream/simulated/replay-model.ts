import { createCallLuck } from './call-luck.ts';
import { chanceGivenInput, inputLuck, isRight } from './chance.ts';
import type { Moment } from './moment.ts';
import { nearestText } from './nearest-text.ts';
import { normalQuantile } from './normal.ts';
import type { QualityModel } from './quality-model.ts';
import { remember } from './remember.ts';
import { extendHash, indexOf, normalOf } from './seeded-hash.ts';
import type { RecordedPrompt, ReplayWorld, WorldInput } from './world.ts';
import { answersOfSegment, wrongAnswersFor } from './wrong-answers.ts';

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
  const wrong = inputs.map((input) => wrongAnswersFor(input, answersOfSegment(inputs, input.segment)));
  const drawCall = createCallLuck(seed, inputs);

  const chanceOfItem = ({ marks, accuracy }: Recording, item: number): number =>
    marks === null
      ? chanceGivenInput(normalQuantile(accuracy), aggregateConsistency, inputLucks[item] ?? 0)
      : Number(marks[item]);

  let standing = standingAt(world, 0);
  let phase = 0;
  const now = (): typeof standing => {
    if (phase !== moment.phase()) standing = standingAt(world, moment.request());
    phase = moment.phase();
    return standing;
  };
  const trueValues = new WeakMap<Recording, number>();

  return {
    inputs,
    facetsIn: () => [],
    recordings: () => now().recordings,
    trueValue: (prompt) => {
      const recording = now().recordingOf(prompt);
      const known = trueValues.get(recording);
      if (known !== undefined) return known;
      const total = inputs.reduce((sum, _, item) => sum + chanceOfItem(recording, item), 0);
      trueValues.set(recording, total / inputs.length);
      return total / inputs.length;
    },
    answer: (prompt, input) => {
      const recording = now().recordingOf(prompt);
      const luck = drawCall(prompt, input);
      const isAnswerRight =
        recording.marks === null
          ? isRight(normalQuantile(recording.accuracy), aggregateConsistency, {
              input: inputLucks[input] ?? 0,
              call: normalOf(luck),
            })
          : recording.marks[input] === '1';
      const choices = wrong[input] ?? [];
      const answer = isAnswerRight
        ? inputs[input]?.answer
        : choices[indexOf(extendHash(luck, 'wrong answer'), choices.length)];
      return { answer: answer ?? '', outputTokens, latencyMs, luck };
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
