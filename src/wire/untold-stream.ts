import type { BodyReader, BodyReaderOptions } from './body-reader.ts';
import { eventStreamBody, linesBody, sseBody } from './event-bodies.ts';
import { byBeginning } from './first-byte.ts';
import { isPrelude, PRELUDE_BYTES } from './framing/aws-eventstream.ts';
import { readJson } from './framing/json.ts';

/**
 * An answer whose type names no stream. Clients read the events that they have asked for whatever it says, and a text that goes on from
 * event to event is whole only to who reads them so: a body that begins with a field of server-sent events, a message of an AWS event stream,
 * or a line that is a JSON document and is followed by more, is read as that stream, any other as `otherwise` has it.
 */
export function untoldStream(options: BodyReaderOptions, otherwise: () => BodyReader): BodyReader {
  return byBeginning({ bytesMax: options.limits.bodyBytes, bytesNeeded: PRELUDE_BYTES }, (beginning) => {
    if (beginsWithField(beginning)) return sseBody(options);
    if (beginning.length >= PRELUDE_BYTES && isPrelude(beginning, 0)) return eventStreamBody(options);
    return beginsWithDocument(beginning, options.limits.jsonDepth) ? linesBody(options) : otherwise();
  });
}

/** Names of fields in a text/event-stream (WHATWG HTML, 9.2.6); a line without a name is a comment. */
const FIELDS = ['data:', 'event:', 'id:', 'retry:', ':'];
const LONGEST_FIELD = Math.max(...FIELDS.map(({ length }) => length));

function beginsWithField(beginning: Buffer): boolean {
  const written = beginning.toString('latin1', 0, LONGEST_FIELD);
  return FIELDS.some((field) => written.startsWith(field));
}

/** Of a body that is no single JSON document all is there by now. */
function beginsWithDocument(beginning: Buffer, jsonDepth: number): boolean {
  if (beginning[0] !== 0x7b && beginning[0] !== 0x5b) return false;
  const end = beginning.indexOf(0x0a);
  return end >= 0 && readJson(beginning.subarray(0, end), jsonDepth).ok;
}
