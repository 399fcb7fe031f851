import { createServer } from 'node:net';
import { HttpReader } from '../load/http-reader.ts';
import { answerHeaders, answerNumber, jsonAnswer, receivedHeader } from './answer.ts';

/** An upstream that answers every request with the same JSON, numbered, as fast as Node can. */
let number = 0;
const [before = '', after = ''] = jsonAnswer.split(answerNumber);
const head = [
  'HTTP/1.1 200 OK',
  'content-type: application/json',
  `content-length: ${Buffer.byteLength(jsonAnswer)}`,
  ...Object.entries(answerHeaders).map(([name, value]) => `${name}: ${value}`),
].join('\r\n');

const server = createServer((socket) => {
  let received = 0;
  const reader = new HttpReader({
    onHead: () => {
      received = 0;
    },
    onBody: (piece) => {
      received += piece.length;
    },
    onEnd: () => {
      number += 1;
      const id = String(number).padStart(answerNumber.length, '0');
      socket.write(`${head}\r\n${receivedHeader}: ${received}\r\n\r\n${before}${id}${after}`);
    },
  });
  socket.setNoDelay(true);
  socket.on('data', (bytes) => reader.push(bytes)).on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.stdout.write(`listening ${address.port}\n`);
});
