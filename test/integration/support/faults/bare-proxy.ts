import { createServer, request } from 'node:http';

/** The least that a proxy can do, in a process of its own: what a request takes at the best on this machine, now. */
const upstream = new URL(process.argv[2] ?? '');

const server = createServer((incoming, outgoing) => {
  const { method, headers, url } = incoming;
  const { hostname, port } = upstream;
  const sent = request({ hostname, port, method, headers, path: url }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  sent.on('error', () => outgoing.destroy());
  incoming.pipe(sent);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`${address?.port}\n`);
});
