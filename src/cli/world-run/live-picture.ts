import { dashboardLines, intentOf } from './dashboard.ts';
import type { LiveTick } from './live-look.ts';
import type { RunEvent } from './run-observer.ts';

/** Draws a live run: in a terminal a picture that is drawn over itself, elsewhere a line per event. */
export interface LivePicture {
  readonly show: (tick: LiveTick) => void;
  readonly end: () => void;
}

export interface PictureSettings {
  readonly title: string;
  readonly requestsTotal: number;
  readonly print: (text: string) => void;
  readonly isInteractive: boolean;
}

/** Requests between two lines of progress where no picture can be drawn. */
const progressEvery = 1_000;

/** A picture that has not been drawn yet. */
export function createLivePicture({
  title,
  requestsTotal,
  print,
  isInteractive,
}: PictureSettings): LivePicture {
  const values: number[] = [];
  let linesDrawn = 0;
  let progressTold = 0;
  if (!isInteractive) print(`${title}\n`);

  const draw = (tick: LiveTick): void => {
    const lines = dashboardLines({ title, requestsTotal, values, ...tick });
    // Up to the first line of the last picture, then clear to the end of the screen.
    const back = linesDrawn === 0 ? '' : `\u001b[${linesDrawn}A\u001b[0J`;
    print(`${back}${lines.join('\n')}\n`);
    linesDrawn = lines.length;
  };
  const tell = (tick: LiveTick): void => {
    for (const event of tick.events) print(`${eventLine(event, tick)}\n`);
    if (tick.requests - progressTold < progressEvery) return;
    progressTold = tick.requests - (tick.requests % progressEvery);
    print(
      `request ${tick.requests}: true value ${tick.incumbentValue.toFixed(3)}, ${tick.baselineValue.toFixed(3)} with the agent's own prompt\n`,
    );
  };
  return {
    show: (tick) => {
      values.push(tick.incumbentValue);
      if (isInteractive) draw(tick);
      else tell(tick);
    },
    end: () => {
      if (isInteractive) print('\n');
    },
  };
}

function eventLine(event: RunEvent, { requests, snapshot, campaigns }: LiveTick): string {
  const at = `request ${requests}:`;
  if (event.kind === 'alarm') return `${at} alarm, ${event.alarm.cause}: ${event.alarm.action}`;
  const { cause, incumbentId } = event.plan;
  const campaign =
    'campaignId' in cause ? campaigns.find(({ id }) => id === cause.campaignId)?.proposal : undefined;
  const what = campaign === undefined ? '' : ` "${intentOf(campaign.variant.edits)}"`;
  const reason = 'reason' in cause ? ` (${cause.reason})` : '';
  const serving = incumbentId === snapshot?.plan.incumbentId ? '' : `, incumbent ${incumbentId}`;
  return `${at} plan ${event.plan.version}, ${cause.kind}${what}${reason}${serving}`;
}
