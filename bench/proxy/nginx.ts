import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startProcess, type RunningProcess } from './child-process.ts';

/** An nginx in one process. */
export interface Nginx extends RunningProcess {
  readonly port: number;
}

/**
 * Starts an nginx with a configuration of its own, `http` being the inside of its `http` block; `listen` in there stands
 * for the directive with the port. Connections are kept alive for as long as the bench may take.
 */
export async function startNginx(
  program: string,
  http: (listen: string) => string,
  pin: { readonly taskset: string; readonly core: number } | undefined,
): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-bench-nginx-'));
  const port = await freePort();
  writeFileSync(
    join(folder, 'nginx.conf'),
    configuration(folder, http(`listen 127.0.0.1:${port} backlog=4096;`)),
  );
  const running = await startProcess({
    command: program,
    parameters: ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')],
    pin,
    ready: { port },
  });
  return {
    ...running,
    port,
    stop: async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, http: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(folder, kind)};`)
    .join('\n  ');
  return `daemon off;
master_process off;
pid ${join(folder, 'pid')};
events { worker_connections 16384; }
http {
  access_log off;
  ${temporary}
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  client_max_body_size 0;
  client_body_buffer_size 2m;
  ${http}
}
`;
}
