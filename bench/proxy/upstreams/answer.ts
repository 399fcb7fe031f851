/** Where the number of an answer stands in its text; as long as what nginx writes there. */
export const answerNumber: string = '0'.repeat(32);

/** What the model says, always. */
export const answerText: string = 'I am sorry that the order came late. Please send it back, we pay. '
  .repeat(8)
  .trim();

/** A chat answer of about 1 KB. Free of `'` and `$`, which mean something to nginx. */
export const jsonAnswer: string = JSON.stringify({
  id: `chatcmpl-${answerNumber}`,
  object: 'chat.completion',
  created: 1_800_000_000,
  model: 'bench-model-2027-01-01',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: answerText,
        refusal: null,
        annotations: [],
      },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 212, completion_tokens: 127, total_tokens: 339 },
  service_tier: 'default',
  system_fingerprint: 'fp_0123456789',
});

/** Headers as OpenAI's API sends them, besides those that any server sends. */
export const answerHeaders: Readonly<Record<string, string>> = {
  'openai-organization': 'bench',
  'openai-processing-ms': '12',
  'openai-version': '2020-10-01',
  'x-ratelimit-limit-requests': '10000',
  'x-ratelimit-remaining-requests': '9999',
  'x-ratelimit-reset-requests': '6ms',
};

/** Says how long the body was that upstream received, so that the bench can tell a rewritten one. */
export const receivedHeader = 'x-received-bytes';
