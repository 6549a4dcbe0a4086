import { crc32 } from 'node:zlib';

/** A header value by the types of the format; strings stand for themselves. */
export type HeaderValue = string | { readonly type: number; readonly bytes: Buffer };

export interface AwsMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

/** One message of an AWS event stream, written apart from the code under test. */
export function awsMessage(headers: Readonly<Record<string, HeaderValue>>, payload: string | Buffer): Buffer {
  const block = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const { type, bytes } = typeof value === 'string' ? { type: 7, bytes: sized(Buffer.from(value)) } : value;
      return Buffer.concat([Buffer.of(Buffer.byteLength(name)), Buffer.from(name), Buffer.of(type), bytes]);
    }),
  );
  const body = Buffer.from(payload);
  const prelude = Buffer.concat([uint32(16 + block.length + body.length), uint32(block.length)]);
  const before = Buffer.concat([prelude, uint32(crc32(prelude)), block, body]);
  return Buffer.concat([before, uint32(crc32(before))]);
}

/** An event with a JSON payload, as Bedrock sends it. */
export function awsEvent(name: string, payload: unknown): Buffer {
  const headers = { ':event-type': name, ':content-type': 'application/json', ':message-type': 'event' };
  return awsMessage(headers, JSON.stringify(payload));
}

/** A `chunk` of InvokeModelWithResponseStream. */
export const awsChunk = (body: unknown): Buffer =>
  awsEvent('chunk', { bytes: Buffer.from(JSON.stringify(body)).toString('base64'), p: 'abcdefgh' });

/** Two bytes of length before the value. */
export const sized = (bytes: Buffer): Buffer => Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);

/** Every complete message, as a client reads it; its string headers. Throws when a length or a checksum is wrong, as clients do. */
export function awsMessages(stream: Buffer): readonly AwsMessage[] {
  const messages: AwsMessage[] = [];
  for (let rest = stream; rest.length >= 4 && rest.length >= rest.readUInt32BE(0); rest = rest.subarray(rest.readUInt32BE(0))) {
    messages.push(decode(rest.subarray(0, rest.readUInt32BE(0))));
  }
  return messages;
}

/** The payloads of all complete messages, with the bytes of chunks decoded: `[name, value]`. */
// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
export function awsEvents(stream: Buffer): readonly (readonly [name: string, payload: any])[] {
  return awsMessages(stream).map(({ headers, payload }) => {
    const name = headers[':event-type'] ?? headers[':exception-type'] ?? '';
    const value = JSON.parse(payload);
    return [name, name === 'chunk' ? JSON.parse(Buffer.from(value.bytes, 'base64').toString()) : value];
  });
}

function decode(bytes: Buffer): AwsMessage {
  const end = bytes.length - 4;
  if (end < 12 || crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) throw new Error('the checksum of the prelude is wrong');
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) throw new Error('the checksum of the message is wrong');
  const headers: Record<string, string> = {};
  const payloadStart = 12 + bytes.readUInt32BE(4);
  for (let at = 12; at < payloadStart; ) {
    const nameEnd = at + 1 + bytes[at]!;
    if (bytes[nameEnd] !== 7) throw new Error('the test reads strings only');
    const valueEnd = nameEnd + 3 + bytes.readUInt16BE(nameEnd + 1);
    headers[bytes.toString('utf8', at + 1, nameEnd)] = bytes.toString('utf8', nameEnd + 3, valueEnd);
    at = valueEnd;
  }
  return { headers, payload: bytes.toString('utf8', payloadStart, end) };
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
