/** How much of a decision is stored: nothing, everything but text, or text too. */
export type RecordingLevel = 'off' | 'metadata' | 'full';
