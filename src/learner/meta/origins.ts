/** Written to proposals that no model was asked for: brought from other tasks, and undecided gains put together. */
export const warmStartName = 'warm-start';
export const mergeGainsName = 'merge-gains';
