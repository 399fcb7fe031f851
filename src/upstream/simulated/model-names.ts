/**
 * Names for the models of a world, to be used in requests and configuration. A world answers to any name: who is meant
 * is told by the response format.
 */
export const agentModelName = 'world-agent';
export const optimizerModelName = 'world-optimizer';
export const judgeModelName = 'world-judge';
