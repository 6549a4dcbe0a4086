/** A provider that answers at once: a small JSON completion, or a short stream when asked for one. Prints `{"port"}`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const completion = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'gpt-5-mini',
  choices: [
    { index: 0, message: { role: 'assistant', content: 'The branch on Main Street opens at nine. '.repeat(8) }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 200, completion_tokens: 80, total_tokens: 280 },
});

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': completion.length });
    response.end(completion);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`));
process.on('SIGTERM', () => process.exit(0));
