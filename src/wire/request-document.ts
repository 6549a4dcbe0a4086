import type { BodyReaderOptions } from './body-reader.ts';
import type { FormatSink, WireFormat } from './format.ts';
import { formatByShape } from './formats/by-shape.ts';
import { generic } from './formats/generic.ts';
import { AGENT_PROTOCOLS, RPC_DIALECTS, recogniseBody } from './formats/index.ts';
import type { JsonDoc } from './framing/json.ts';
import { silentSink } from './silent-sink.ts';

/**
 * Reads a complete JSON document of a request. What its head said counts where the document looks like it; else its texts are read as those
 * of any JSON, and what it says of models, methods and tools is heard in the dialect of the head and in the one that it looks like, since
 * its receiver may read it in either. Gives the dialect its texts were read in.
 */
export function readRequest(doc: JsonDoc, sink: FormatSink, options: BodyReaderOptions): WireFormat {
  const texts = textsOf(doc, options);
  texts.readBody(doc, sink, 'request');
  for (const heard of othersOf(doc, texts, options)) heard.readBody(doc, silentSink(sink, heard.id), 'request');
  return texts;
}

/**
 * Whether a document that was read, with all that its dialect has written, may be another one to its receiver: a field in another letter case
 * is one to some receivers and none to others.
 */
export function isUnfit(doc: JsonDoc, texts: WireFormat, options: BodyReaderOptions): boolean {
  return texts.id === generic.id ? options.format.id !== generic.id : doc.hasOtherCase();
}

/** The dialect that says which text stands where. */
function textsOf(doc: JsonDoc, { format, onFormat, byShape }: BodyReaderOptions): WireFormat {
  if (format.id !== generic.id) return format.fits?.(doc) === false ? generic : format;
  if (onFormat === undefined) return format;
  const found = recogniseBody(doc) ?? (byShape === true ? formatByShape(doc) : undefined) ?? generic;
  if (found !== generic) onFormat(found);
  return found;
}

/** Dialects that the document may be read in by its receiver beside the one of its texts. */
function othersOf(doc: JsonDoc, texts: WireFormat, { format, onFormat, byShape }: BodyReaderOptions): readonly WireFormat[] {
  const fits = texts.id !== generic.id || format.id === generic.id;
  // A client chooses by a header or a field whether it speaks a protocol of agents.
  const isDoubtful = byShape === true && onFormat !== undefined && (!fits || AGENT_PROTOCOLS.has(texts.id));
  const isCalled = fits && (!isDoubtful || RPC_DIALECTS.has(texts.id)); // these hear each other's calls
  const called = isCalled ? undefined : recogniseBody(doc);
  if (fits && !isDoubtful && (called === undefined || called === texts)) return NO_FORMATS;
  const others = [fits ? undefined : format, called, isDoubtful ? formatByShape(doc) : undefined];
  return [...new Set(others)].filter((one) => one !== undefined).filter((one) => one !== texts);
}

const NO_FORMATS: readonly WireFormat[] = [];

/**
 * Hears one of several documents of a request, whose texts are read as those of any JSON, in every dialect that a receiver may read it in.
 * `key`: its own.
 */
export function hearRequest(doc: JsonDoc, sink: FormatSink, options: BodyReaderOptions & { readonly key: string }): void {
  const { format, onFormat, byShape, key } = options;
  if (format.id === generic.id && onFormat === undefined) return;
  const found = recogniseBody(doc);
  const shaped = byShape === true ? formatByShape(doc) : undefined;
  const said = format.id === generic.id ? undefined : format;
  if (said === undefined) onFormat?.(found ?? shaped ?? generic);
  const heard = [said, said !== undefined && RPC_DIALECTS.has(said.id) ? undefined : found, shaped].filter((one) => one !== undefined);
  for (const one of new Set(heard)) {
    const at = `${key}.${one.id}`;
    one.readBody(doc, silentSink(sink, at), 'request');
    sink.ends(at);
  }
}
