import type { Config } from '../configuration/config.ts';
import { formatDuration } from '../configuration/duration.ts';
import type { Logger } from '../domain/logger.ts';
import { nameOfDatabase } from '../store/database-location.ts';

/** Whether anything is proposed, and why not. */
export interface LearningState {
  readonly isOn: boolean;
  readonly reason: string;
}

/** What the configuration says of learning. */
export function learningState({ learning, role }: Pick<Config, 'learning' | 'role'>): LearningState {
  if (role === 'proxy') return { isOn: false, reason: 'this process is a proxy only (RATCHET_ROLE)' };
  return learning.key === null
    ? {
        isOn: false,
        reason: 'no learning key is set (RATCHET_LEARNING_KEY, RATCHET_UPSTREAM_KEY or OPENAI_API_KEY)',
      }
    : { isOn: true, reason: `${learning.optimizerModel} proposes, ${learning.judgeModel} judges` };
}

/** Says first of all what is recorded, where and for how long, then what an operator may not expect. */
export function announce(config: Config, logger: Logger): void {
  logger.info('recording', {
    recorded: config.recording,
    ...(config.recordedShare < 1 ? { share: config.recordedShare } : {}),
    database: nameOfDatabase(config.database),
    retention: formatDuration(config.retentionMs),
    change: 'RATCHET_RECORD=off|metadata|full, RATCHET_RETENTION',
  });
  const { isOn, reason } = learningState(config);
  logger.info(isOn ? 'learning-on' : 'learning-off', { reason });
  if (config.isContentCaptured)
    logger.info('content-captured', { meaning: 'prompts, answers and comments are exported with traces' });
  if (!config.isLoopback && !config.keys.some(({ roles }) => roles.includes('feedback')))
    logger.warn('feedback-closed', {
      reason: 'off loopback feedback needs a key with the role feedback (RATCHET_KEYS)',
    });
  for (const warning of config.warnings) logger.warn('configuration', { warning });
}
