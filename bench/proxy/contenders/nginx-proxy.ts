import { cores, type Tools } from '../machine.ts';
import { startNginx } from '../nginx.ts';
import type { Contender } from './contender.ts';

/** Starts nginx as a reverse proxy of one process; `undefined` where there is no nginx. */
export async function startNginxProxy(
  upstreamPort: number,
  { nginx, taskset }: Tools,
): Promise<Contender | undefined> {
  if (nginx === undefined) return undefined;
  const running = await startNginx(
    nginx,
    (listen) => `upstream model { server 127.0.0.1:${upstreamPort}; keepalive 2048; }
  server {
    ${listen}
    location / {
      proxy_pass http://model;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout 900s;
    }
  }`,
    taskset === undefined ? undefined : { taskset, core: cores.proxy },
  );
  return {
    name: 'nginx',
    port: running.port,
    root: '/v1',
    addedHeaders: {},
    pid: running.pid,
    stop: running.stop,
  };
}
