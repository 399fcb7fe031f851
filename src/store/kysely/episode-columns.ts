import type { ObservationCredit } from '../../domain/bandit-state.ts';
import type { Draw, EpisodeRow } from '../ledger/ledger-rows.ts';
import type { EpisodeColumns, NewEpisodeColumns } from './schema.ts';

/** An episode as stored. */
export function episodeColumns(episode: EpisodeRow): NewEpisodeColumns {
  const { draw, observed } = episode;
  return {
    episode_id: episode.episodeId,
    scope: episode.scope,
    task_id: episode.taskId,
    started_at_ms: episode.startedAtMs,
    variant_id: draw?.variantId ?? null,
    propensity: draw?.propensity ?? null,
    plan_version: draw?.planVersion ?? null,
    decided_at_ms: draw?.decidedAtMs ?? null,
    reward: observed?.reward ?? null,
    credit: observed === null ? null : JSON.stringify(observed.credit),
    answered_at_ms: episode.answeredAtMs,
    is_window_closed: episode.isWindowClosed ? 1 : 0,
  };
}

/** An episode as the ledger knows it. */
export function episodeRow(columns: EpisodeColumns): EpisodeRow {
  const { reward, credit, answered_at_ms: answeredAtMs } = columns;
  const known = credit === null ? null : creditOf(credit);
  return {
    scope: columns.scope,
    episodeId: columns.episode_id,
    taskId: columns.task_id,
    startedAtMs: Number(columns.started_at_ms),
    draw: drawOf(columns),
    observed: reward === null || known === null || known === 'damaged' ? null : { reward, credit: known },
    answeredAtMs: answeredAtMs === null ? null : Number(answeredAtMs),
    isWindowClosed: columns.is_window_closed === 1,
    ...(known === 'damaged' ? { isDamaged: true } : {}),
  };
}

function drawOf(columns: EpisodeColumns): Draw | null {
  const { variant_id: variantId, propensity, plan_version: version, decided_at_ms: atMs } = columns;
  if (variantId === null || propensity === null || version === null || atMs === null) return null;
  return { variantId, propensity, planVersion: Number(version), decidedAtMs: Number(atMs) };
}

function creditOf(text: string): ObservationCredit | 'damaged' {
  try {
    const credit: ObservationCredit = JSON.parse(text);
    const numbers = [credit.propensity, credit.weight, credit.loss, credit.age];
    return numbers.every(Number.isFinite) ? credit : 'damaged';
  } catch {
    return 'damaged';
  }
}
