/** What the bare echoes answer to one ProcessingRequest, each with its gRPC prefix: everything is let through. */
export function answersOf(message: Buffer): readonly Buffer[] {
  return topFields(message).flatMap(({ field, value }) => {
    if (field === 2 || field === 3) return [framed(Buffer.from([HEADERS_ANSWER[field], 0]))];
    if (field === 4) return [framed(Buffer.from([BODY_ANSWER[field], 0]))];
    if (field === 5) return [framed(echoBody(value))];
    if (field === 6) return [framed(Buffer.from([0x2a, 0]))];
    return field === 7 ? [framed(Buffer.from([0x32, 0]))] : [];
  });
}

/** Field numbers of ProcessingRequest that carry a message, and the answer each is due. */
const HEADERS_ANSWER = { 2: 0x0a, 3: 0x12 } as const;
const BODY_ANSWER = { 4: 0x1a, 5: 0x22 } as const;

/** response_body { response { body_mutation { streamed_response { body, end_of_stream } } } } */
function echoBody(httpBody: Buffer): Buffer {
  const streamed = delimited(3, httpBody); // HttpBody and StreamedBodyResponse share field numbers 1 and 2
  return delimited(4, delimited(1, delimited(3, streamed)));
}

function delimited(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2, ...varint(value.length)]), value]);
}

function varint(value: number): number[] {
  const out: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...out, rest];
    out.push((rest & 0x7f) | 0x80);
  }
}

function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function topFields(message: Buffer): { readonly field: number; readonly value: Buffer }[] {
  const out: { field: number; value: Buffer }[] = [];
  for (let at = 0; at < message.length; ) {
    const tag = message[at++]!;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++]!;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if ((tag & 7) === 0) continue;
    out.push({ field: tag >> 3, value: message.subarray(at, at + length) });
    at += length;
  }
  return out;
}
