/**
 * The attribute, event and metric names that Ratchet emits. The `gen_ai.*` names follow the newest OpenTelemetry GenAI
 * conventions, which no stable package carries yet; everything without a convention lives under `ratchet.*`.
 */
export const genAi = {
  operationName: 'gen_ai.operation.name',
  providerName: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  requestStream: 'gen_ai.request.stream',
  responseId: 'gen_ai.response.id',
  responseModel: 'gen_ai.response.model',
  responseFinishReasons: 'gen_ai.response.finish_reasons',
  responseTimeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  usageInputTokens: 'gen_ai.usage.input_tokens',
  usageOutputTokens: 'gen_ai.usage.output_tokens',
  conversationId: 'gen_ai.conversation.id',
  promptName: 'gen_ai.prompt.name',
  promptVersion: 'gen_ai.prompt.version',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  tokenType: 'gen_ai.token.type',
  evaluationResult: 'gen_ai.evaluation.result',
  evaluationName: 'gen_ai.evaluation.name',
  evaluationScoreValue: 'gen_ai.evaluation.score.value',
  evaluationExplanation: 'gen_ai.evaluation.explanation',
} as const;

/** What the conventions have for OpenAI's interface alone. */
export const openAi = {
  apiType: 'openai.api.type',
} as const;

/** What the conventions have no word for. */
export const ratchet = {
  decisionId: 'ratchet.decision.id',
  planVersion: 'ratchet.plan.version',
  propensity: 'ratchet.propensity',
  variantStatus: 'ratchet.variant.status',
  overheadMs: 'ratchet.overhead_ms',
  task: 'ratchet.task',
  campaignId: 'ratchet.campaign.id',
} as const;

/** Attributes of the general conventions that our spans and metrics carry. */
export const general = {
  errorType: 'error.type',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  httpStatus: 'http.response.status_code',
  serviceName: 'service.name',
  serviceVersion: 'service.version',
} as const;

/** Instrumentation scope of every span and metric. */
export const scopeName = 'ratchet';
