import { createServer, request, type IncomingMessage } from 'node:http';
import { connect, createServer as createSocketServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startBare } from '../../bench/proxy/contenders/bare.ts';
import { HttpReader } from '../../bench/proxy/load/http-reader.ts';
import { runOpenLoop } from '../../bench/proxy/load/open-loop.ts';
import { fillerOf } from '../../bench/proxy/load/template.ts';
import { drawChart } from '../../bench/proxy/report/line-chart.ts';
import { judgeTargets } from '../../bench/proxy/report/targets.ts';
import { compare, createResults } from '../../bench/proxy/results.ts';
import { slopeOf, spreadOf } from '../../bench/statistics.ts';

const noTools = { wrk: undefined, nginx: undefined, taskset: undefined };
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

function portOf(server: { address: () => unknown }): number {
  return (server.address() as AddressInfo).port;
}

async function listen(server: ReturnType<typeof createSocketServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close());
  return portOf(server);
}

describe('the load generator', () => {
  it('reads responses however they are cut into pieces', () => {
    const bytes = Buffer.from(
      'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello' +
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nt: v\r\n\r\n' +
        'HTTP/1.1 204 No Content\r\n\r\n',
    );
    for (let size = 1; size <= bytes.length; size += 1) {
      const seen: string[] = [];
      let body = '';
      const reader = new HttpReader({
        onHead: (head) => seen.push(head.slice(9, 12)),
        onBody: (piece) => (body += piece.toString()),
        onEnd: () => {
          seen.push(body);
          body = '';
        },
      });
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      expect(seen).toEqual(['200', 'hello', '200', 'abc0123456789', '204', '']);
    }
  });

  it('fills in every place with a number of its width, and no two requests alike', () => {
    const template = 'a <<unique->> b <<few->> <<task->> <<scope->> c';
    const fill = fillerOf(template, 3_000);
    const texts = new Set(Array.from({ length: 5_000 }, (_, number) => fill(number)));
    expect(texts.size).toBe(5_000);
    for (const text of texts) expect(text).toHaveLength(template.length);
    expect(fill(2_500)).toBe('a 00000002500 b 00000196 000002500 0000000002 c');
  });

  it('counts the time that requests had to wait for a server which stood still', async () => {
    const stillMs = 400;
    let startedAt: number | undefined;
    const port = await listen(
      createSocketServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', () => {
          startedAt ??= performance.now();
          const left = Math.max(0, startedAt + stillMs - performance.now());
          setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), left);
        });
      }),
    );
    const result = await runOpenLoop({
      port,
      fill: () => 'GET / HTTP/1.1\r\nhost: x\r\n\r\n',
      start: 0,
      rate: 100,
      seconds: 0.8,
    });
    expect(result).toMatchObject({ requests: 80, errors: 0, unanswered: 0 });
    // Of the requests that were due while it stood still, half had to wait for more than half of the time.
    expect(result.latencyMs.max).toBeGreaterThan(stillMs * 0.9);
    expect(result.latencyMs.p90).toBeGreaterThan(stillMs * 0.6);
  });
});

describe('the bare pass-through', () => {
  it('passes bodies on to the byte, both ways, and keeps the headers of a connection to itself', async () => {
    const sent = Buffer.alloc(3_000_000, 'é');
    let seen: IncomingMessage['headers'] = {};
    const upstream = createServer((incoming, outgoing) => {
      seen = incoming.headers;
      outgoing.writeHead(201, { 'x-own': 'a' });
      incoming.pipe(outgoing);
    });
    const bare = await startBare(await listen(upstream), noTools);
    cleanUps.push(bare.stop);
    const answer = await fetch(`http://127.0.0.1:${bare.port}/v1/any?x=1`, {
      method: 'POST',
      headers: { 'x-mine': 'b' },
      body: sent,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-own')).toBe('a');
    expect(Buffer.from(await answer.arrayBuffer()).equals(sent)).toBe(true);
    expect(seen['x-mine']).toBe('b');
    expect(seen.host).not.toContain(String(bare.port));
  });

  it('ends the request upstream when its client goes away', async () => {
    const gone = Promise.withResolvers<void>();
    const upstream = createServer((_, outgoing) => {
      outgoing.write('begun');
      outgoing.once('close', () => gone.resolve());
    });
    const bare = await startBare(await listen(upstream), noTools);
    cleanUps.push(bare.stop);
    const client = request({ port: bare.port, host: '127.0.0.1' }, (response) => {
      response.once('data', () => client.destroy());
    });
    client.on('error', () => {});
    client.end();
    await gone.promise;
  });

  it('takes no more from upstream than its client reads', async () => {
    let written = 0;
    const upstream = createServer((_, outgoing) => {
      const piece = Buffer.alloc(65_536);
      const fill = (): void => {
        do written += piece.length;
        while (written < 500_000_000 && outgoing.write(piece));
      };
      outgoing.on('drain', fill);
      fill();
    });
    const bare = await startBare(await listen(upstream), noTools);
    cleanUps.push(bare.stop);
    const socket = connect(bare.port, '127.0.0.1');
    cleanUps.push(() => socket.destroy());
    await new Promise<void>((resolve) => {
      socket.once('data', () => {
        socket.pause();
        resolve();
      });
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    });
    let before = -1;
    while (before !== written) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(written).toBeLessThan(100_000_000);
  });
});

describe('the report', () => {
  it('compares round by round, so that a slow round concerns both alike', () => {
    const results = createResults();
    for (const [slowness, ratio] of [
      [1, 1.4],
      [5, 1.5],
      [2, 1.6],
    ] as const) {
      results.add({ case: 'small', contender: 'bare', measure: 'cpuMicros' }, 100 * slowness);
      results.add({ case: 'small', contender: 'ratchet', measure: 'cpuMicros' }, 100 * slowness * ratio);
    }
    const [target] = judgeTargets(results.all());
    expect(target?.measured.median).toBeCloseTo(1.5);
    expect([target?.measured.min, target?.measured.max].map((value) => value?.toFixed(1))).toEqual([
      '1.4',
      '1.6',
    ]);
    expect(target?.isMet).toBe(true);
    expect(judgeTargets(results.all())).toHaveLength(1);
  });

  it('calls a target missed when its median is beyond the bound, and leaves out what was not measured', () => {
    const results = createResults();
    results.add({ case: 'small', contender: 'peer', measure: 'perSecond' }, 1_000);
    results.add({ case: 'small', contender: 'ratchet', measure: 'perSecond' }, 7_900);
    expect(judgeTargets(results.all()).map(({ what, isMet }) => [what, isMet])).toEqual([
      ['throughput, small, against the peer', false],
    ]);
    const one = { case: 'x', contender: 'y', measure: 'z' };
    expect(compare(results.all(), one, one, () => 1)).toBeUndefined();
  });

  it('has medians and slopes that outliers do not move', () => {
    expect(spreadOf([3, Number.NaN, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spreadOf([1, 2, 3, 100]).median).toBe(2.5);
    expect(
      slopeOf([
        [0, 10],
        [1, 12],
        [2, 500],
        [3, 16],
        [4, 18],
      ]),
    ).toBeCloseTo(2);
  });

  it('draws every point inside the axes', () => {
    for (const isYLogarithmic of [false, true]) {
      const svg = drawChart({
        title: 'a <b> & c',
        xLabel: 'x',
        yLabel: 'y',
        isYLogarithmic,
        lines: [
          {
            name: 'one',
            points: [1, 10, 10_000].map((x) => ({ x, y: x * 3, low: x * 2, high: x * 4 })),
          },
        ],
      });
      expect(svg).toContain('a &lt;b&gt; &amp; c');
      const circles = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)];
      expect(circles).toHaveLength(3);
      for (const [, x, y] of circles) {
        expect(Number(x)).toBeGreaterThanOrEqual(70);
        expect(Number(x)).toBeLessThanOrEqual(570);
        expect(Number(y)).toBeGreaterThanOrEqual(44);
        expect(Number(y)).toBeLessThanOrEqual(344);
      }
      expect(svg).not.toMatch(/NaN|Infinity/);
    }
  });
});
