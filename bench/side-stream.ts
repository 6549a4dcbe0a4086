function field(number: number, value: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = value.length; ; rest >>>= 7) {
    length.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) break;
  }
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), value]);
}

function headers(list: Readonly<Record<string, string>>): Buffer {
  return field(
    1,
    Buffer.concat(
      Object.entries(list).map(([name, value]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(3, Buffer.from(value))]))),
    ),
  );
}

function message(number: number, value: Buffer, extra: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([field(number, value), extra]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

const END_OF_STREAM = Buffer.from([0x10, 1]);
/** protocol_config: BUFFERED request, FULL_DUPLEX_STREAMED response. */
const PROTOCOL = field(11, Buffer.from([0x08, 2, 0x10, 4]));
const EVENT = `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'undecided' }, finish_reason: null }] })}\n\n`;

/** The messages of one exchange as Envoy would send them, up to the first, undecided event of a streamed answer. */
export const MESSAGES = [
  message(
    2,
    headers({
      ':method': 'POST',
      ':path': '/v1/chat/completions',
      ':authority': 'bench.example',
      'content-type': 'application/json',
      'x-agent': 'teller',
    }),
    PROTOCOL,
  ),
  message(
    4,
    Buffer.concat([
      field(1, Buffer.from('{"model":"gpt-5-mini","stream":true,"messages":[{"role":"user","content":"hello"}]}')),
      END_OF_STREAM,
    ]),
  ),
  message(3, headers({ ':status': '200', 'content-type': 'text/event-stream' })),
  message(5, field(1, Buffer.from(EVENT))),
];
