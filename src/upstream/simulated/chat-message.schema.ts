import { z } from 'zod';
import type { ChatMessage } from '../../domain/chat.ts';

/** A message of a chat; fields that are not read pass through. */
export const chatMessage: z.ZodType<ChatMessage> = z.looseObject({
  role: z.string(),
  content: z
    .union([
      z.string(),
      z.array(z.looseObject({ type: z.string(), text: z.string().exactOptional() })),
      z.null(),
    ])
    .exactOptional(),
});
