import { isRecord } from '../domain/is-record.ts';
import type { ResponseItem } from '../domain/responses.ts';
import { isContent } from './is-content.ts';
import { announcedResponseId, readResponsesAnswer } from './read-responses-answer.ts';
import type { RequestFormat } from './request-format.ts';

/** `POST /responses`. */
export const responsesFormat: RequestFormat = {
  apiType: 'responses',
  fields: new Set([
    'model',
    'instructions',
    'input',
    'messages',
    'metadata',
    'stream',
    'store',
    'prompt',
    'previous_response_id',
    'conversation',
  ]),
  conversationField: 'input',
  requestOf: ({ model, instructions, input, messages, ...others }) => {
    // A request that looks like a chat would be taken for one wherever it is read again.
    if (
      typeof model !== 'string' ||
      messages !== undefined ||
      !isTextOrAbsent(instructions) ||
      !isInput(input)
    )
      return undefined;
    if (!isTextOrAbsent(others['previous_response_id']) || !isConversation(others['conversation']))
      return undefined;
    return {
      ...others,
      model,
      ...(instructions === undefined ? {} : { instructions }),
      ...(input === undefined ? {} : { input }),
    };
  },
  readAnswer: readResponsesAnswer,
  announcedId: announcedResponseId,
};

function isTextOrAbsent(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string';
}

function isInput(value: unknown): value is string | readonly ResponseItem[] | undefined {
  return value === undefined || typeof value === 'string' || (Array.isArray(value) && value.every(isItem));
}

function isItem(value: unknown): value is ResponseItem {
  return (
    isRecord(value) &&
    isTextOrAbsent(value['type']) &&
    (value['role'] === undefined || typeof value['role'] === 'string') &&
    isContent(value['content'])
  );
}

function isConversation(value: unknown): boolean {
  return isTextOrAbsent(value) || (isRecord(value) && typeof value['id'] === 'string');
}
