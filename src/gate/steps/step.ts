import type { GateChange } from '../../store/campaign-store.ts';
import type { Session } from '../session.ts';
import type { TaskView } from '../task-view.ts';

/**
 * One step of a task's cycle. Gives the change that is to be committed, as a whole or not at all, or `null` where
 * there is nothing to do. Whatever a step writes by itself (answers, pairs, spend) may be repeated without effect, so
 * that a step which was cut off, or whose change came too late, simply happens again.
 */
export type Step = (view: TaskView, session: Session) => Promise<GateChange | null>;
