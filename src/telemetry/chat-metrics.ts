import type { Attributes } from '@opentelemetry/api';
import type { Histograms, RecordValue } from './histograms.ts';
import { general, genAi } from './names.ts';
import type { ChatOutcome, HistogramName } from './telemetry.ts';

/** What is measured of one routed request. */
export interface MeasuredChat {
  /** Model that was asked for. */
  readonly model: string;
  readonly outcome: ChatOutcome;
  /** `error.type`; `null` where it went well. */
  readonly error: string | null;
  /** `null` for an answer in one piece. */
  readonly firstChunkMs: number | null;
}

/** Combinations of labels whose series are at hand; when there are more, all are looked up again. */
const combinationsMax = 500;

interface ChatSeries {
  readonly duration: RecordValue;
  readonly firstChunk: RecordValue;
  readonly inputTokens: RecordValue;
  readonly outputTokens: RecordValue;
}

/** Records the measures of routed requests. `provider`: labels of all of them. */
export function createChatMetrics(
  histograms: Pick<Histograms<HistogramName>, 'series'>,
  provider: Attributes,
): (chat: MeasuredChat) => void {
  const overhead = histograms.series('ratchet.overhead', {});
  const combinations = new Map<string, ChatSeries>();
  return ({ model, outcome, error, firstChunkMs }) => {
    const { responseModel } = outcome;
    const key = `${model}\n${responseModel ?? ''}\n${error ?? ''}`;
    let series = combinations.get(key);
    if (series === undefined) {
      const labels: Attributes = { ...provider, [genAi.operationName]: 'chat', [genAi.requestModel]: model };
      if (responseModel !== null) labels[genAi.responseModel] = responseModel;
      series = seriesOf(histograms, labels, error);
      if (combinations.size >= combinationsMax) combinations.clear();
      combinations.set(key, series);
    }
    series.duration(outcome.latencyMs / 1000);
    if (firstChunkMs !== null) series.firstChunk(firstChunkMs / 1000);
    if (outcome.inputTokens !== null) series.inputTokens(outcome.inputTokens);
    if (outcome.outputTokens !== null) series.outputTokens(outcome.outputTokens);
    overhead(outcome.overheadMs / 1000);
  };
}

function seriesOf(
  { series }: Pick<Histograms<HistogramName>, 'series'>,
  labels: Attributes,
  error: string | null,
): ChatSeries {
  const failed = error === null ? labels : { ...labels, [general.errorType]: error };
  return {
    duration: series('gen_ai.client.operation.duration', failed),
    firstChunk: series('gen_ai.client.operation.time_to_first_chunk', labels),
    inputTokens: series('gen_ai.client.token.usage', { ...labels, [genAi.tokenType]: 'input' }),
    outputTokens: series('gen_ai.client.token.usage', { ...labels, [genAi.tokenType]: 'output' }),
  };
}
