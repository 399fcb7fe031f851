import { describe, expect, test } from 'vitest';
import { parseTraceContext, traceHeaders } from './trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('trace context', () => {
  test.each([
    [`00-${traceId}-${spanId}-01`, undefined],
    [`00-${traceId}-${spanId}-00`, undefined],
    [`00-${traceId}-${spanId}-01`, 'vendor=value,other=1'],
  ])('%s with state %s survives the round trip', (traceparent, tracestate) => {
    const context = parseTraceContext(traceparent, tracestate);
    expect(context).toBeDefined();
    if (context === undefined) return;
    expect(context).toMatchObject({ traceId, spanId, isRemote: true });
    expect(traceHeaders(context)).toEqual([
      'traceparent',
      traceparent,
      ...(tracestate === undefined ? [] : ['tracestate', tracestate]),
    ]);
  });

  test.each([
    undefined,
    '',
    'nonsense',
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `ff-${traceId}-${spanId}-01`,
  ])('%s is no context to continue', (traceparent) => {
    expect(parseTraceContext(traceparent, undefined)).toBeUndefined();
  });
});
