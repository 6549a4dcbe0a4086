import type { Lane } from '../text/lane.ts';
import type { Segment } from '../text/segment.ts';
import type { BodyReader, BodyReaderOptions } from './body-reader.ts';
import { headerParameters } from './content-type.ts';
import { genericIn } from './formats/generic.ts';
import type { Frame, UninspectableReason } from './frame.ts';
import { createGather } from './framing/gather.ts';
import { createMultipartFramer, type MultipartPiece } from './framing/multipart.ts';
import { type TransferEncoding, transferEncoding } from './framing/transfer-encoding.ts';
import { type HeadText, type PartHead, readPartHead } from './part-head.ts';
import { joinedFrame, plainLane, sealed, unreadFrame } from './plain-frame.ts';

/** Longest value that is told to the dialect, in bytes. */
const SHORT_BYTES_MAX = 128;

/** The boundary a Content-Type names; undefined without one, with several, and where receivers might read it differently. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  const { parameters, clean } = headerParameters(contentType ?? '');
  const found = parameters.filter(({ name }) => name === 'boundary' || name.startsWith('boundary*'));
  const boundary = found.length === 1 && clean && found[0]!.name === 'boundary' ? found[0]!.value : '';
  return boundary.length > 0 && boundary.length <= 200 ? boundary : undefined;
}

/** What a multipart reader needs of the others. */
export interface PartReaders {
  /** A reader for the content of one part. */
  readonly part: (options: BodyReaderOptions) => BodyReader;
  /** A reader for text that has this reason. */
  readonly text: (reason: UninspectableReason | undefined) => BodyReader;
}

/**
 * A multipart body (RFC 2046, RFC 7578): each part is read as a body of its own, by its own type, charset and transfer encoding, under
 * keys of its own. Names, file names and headers are texts too. Parts come as they arrive; one in base64 or quoted-printable, or with a
 * Content-Length, is held until it is complete (at most `limits.bodyBytes`), so that what is changed is written again as a whole.
 * What is wrong is `invalid-multipart`: the closing delimiter is missing, headers do not end, a header comes twice.
 */
export function multipartBody(boundary: string, options: BodyReaderOptions, readers: PartReaders): BodyReader {
  const framer = createMultipartFramer(boundary);
  let part: Part | undefined;
  let count = 0;
  let outside = readers.text(undefined);
  let malformed: BodyReader | undefined;

  function take(piece: MultipartPiece): readonly Frame[] {
    switch (piece.kind) {
      case 'head':
        return [...finish(), ...begin(piece.bytes)];
      case 'body':
        return part!.push(piece.bytes);
      case 'close':
        return [...finish(), { ...unreadFrame(piece.bytes, undefined), laneEnds: ['*'] }];
      case 'outside':
        return outsideFrames(outside.push(piece.bytes));
      case 'malformed':
        malformed ??= readers.text('invalid-multipart');
        return [...finish(), ...malformed.push(piece.bytes)];
      default:
        return piece satisfies never;
    }
  }

  function begin(bytes: Buffer): readonly Frame[] {
    const index = count++;
    const head = readPartHead(bytes);
    part = isHeld(head) ? createHeldPart(options, { head, bytes, index, readers }) : createPart(options, { head, index, readers });
    return part.head ?? [headFrame(bytes, { head, index, options })];
  }

  /** Text between two parts is a text of its own. */
  const outsideFrames = (frames: readonly Frame[]): readonly Frame[] => frames.map((frame) => withPrefix(frame, `outside.${count}`));

  function finish(): readonly Frame[] {
    const frames = part === undefined ? outsideFrames(outside.end()) : part.end();
    if (part === undefined) outside = readers.text(undefined);
    part = undefined;
    return frames;
  }

  return {
    push: (bytes) => framer.push(bytes).flatMap(take),
    end() {
      const { pieces, closed } = framer.end();
      const frames = [...pieces.flatMap(take), ...finish(), ...(malformed?.end() ?? [])];
      return closed || frames.length === 0 ? frames : frames.with(-1, marked(frames.at(-1)!, 'invalid-multipart'));
    },
    isStream: () => false,
  };
}

const marked = (frame: Frame, reason: UninspectableReason): Frame => ({ ...frame, uninspectable: frame.uninspectable ?? reason });

interface Part {
  /** Given instead of the frame of the head; undefined: the head is a frame of its own. */
  readonly head: readonly Frame[] | undefined;
  push(bytes: Buffer): readonly Frame[];
  end(): readonly Frame[];
}

interface PartPlace {
  readonly head: PartHead;
  readonly index: number;
  readonly readers: PartReaders;
}

const keyOf = (index: number): string => `part.${index}`;

function headFrame(
  bytes: Buffer,
  { head, index, options }: { readonly head: PartHead; readonly index: number; readonly options: BodyReaderOptions },
): Frame {
  const segments = head.texts.map((text, i) => headSegment(text, `${keyOf(index)}.head.${i}`, options));
  return {
    ...unreadFrame(bytes, head.ambiguous ? 'invalid-multipart' : undefined),
    segments: segments.filter(({ lane }) => options.wants?.(lane) !== false),
    laneEnds: ['*'],
  };
}

function headSegment({ kind, text, span, fixed }: HeadText, key: string, options: BodyReaderOptions): Segment {
  const lane: Lane = kind === 'name' ? plainLane(options) : kind === 'file' ? 'document' : 'header';
  return { key, lane, text, source: { kind: fixed ? 'json-key' : 'utf8', start: span.start, end: span.end } };
}

/** A part whose content leaves as it comes. */
function createPart(options: BodyReaderOptions, place: PartPlace): Part {
  const { head, index, readers } = place;
  const waiting = createGather(); // a value that may be short enough to tell the dialect
  let reader: BodyReader | undefined;
  const asks = options.format.readPart !== undefined;
  const limit = !asks ? -1 : head.fileName === undefined ? SHORT_BYTES_MAX : 0;

  const prefixed = (frames: readonly Frame[]): readonly Frame[] => frames.map((frame) => withPrefix(frame, keyOf(index)));

  function open(value: string | undefined): readonly Frame[] {
    const lane = laneOf(options, { head, value });
    if (lane === 'structural' && value !== undefined) reader = withoutText;
    else reader = readers.part(partOptions(options, head, lane === 'structural' ? undefined : lane));
    return prefixed(reader.push(waiting.take()));
  }

  return {
    head: undefined,
    push(bytes) {
      if (reader !== undefined) return prefixed(reader.push(bytes));
      waiting.add(bytes);
      return waiting.size > limit ? open(undefined) : [];
    },
    end() {
      const frames = reader === undefined ? open(waiting.buffer.toString('utf8', 0, waiting.size)) : [];
      return [...frames, ...prefixed(reader!.end())];
    },
  };
}

const withoutText: BodyReader = {
  push: (bytes) => (bytes.length === 0 ? [] : [unreadFrame(bytes, undefined)]),
  end: () => [],
  isStream: () => false,
};

/** What the dialect says of a part. */
function laneOf(
  { format, facts }: BodyReaderOptions,
  { head, value }: { readonly head: PartHead; readonly value: string | undefined },
): Lane | 'structural' | undefined {
  const { name, fileName, contentType } = head;
  return format.readPart?.({ name, fileName, contentType, value: fileName === undefined ? value : undefined }, facts);
}

function partOptions(options: BodyReaderOptions, head: PartHead, lane: Lane | undefined): BodyReaderOptions {
  const own = lane ?? (head.fileName === undefined ? plainLane(options) : 'document');
  return {
    ...options,
    format: genericIn(own),
    lane: own,
    contentType: head.contentType ?? defaultType(options),
    contentEncoding: head.contentEncoding,
    onFormat: undefined,
    multipartDepth: (options.multipartDepth ?? 0) + 1,
  };
}

/** A part without a type is text in the charset of the whole, if that declares one. */
function defaultType({ contentType }: BodyReaderOptions): string | undefined {
  const charset = headerParameters(contentType ?? '').parameters.find(({ name }) => name === 'charset');
  return charset === undefined ? undefined : `text/plain; charset="${charset.value.replaceAll('"', '')}"`;
}

const isHeld = ({ transferEncoding: name, contentLength }: PartHead): boolean =>
  contentLength !== undefined || transferEncoding(name) !== 'as-is';

/** A part that is read when it is complete, and is one frame with its head. */
function createHeldPart(options: BodyReaderOptions, { bytes: headBytes, ...place }: PartPlace & { readonly bytes: Buffer }): Part {
  const { head, index, readers } = place;
  const gather = createGather();
  const front = headFrame(headBytes, { head, index, options });
  /** Set when the part is too large to be held; then its length can no longer be changed, or its encoding undone. */
  let over: Part | undefined;

  function tooLarge(): Part {
    if (transferEncoding(head.transferEncoding) === 'as-is') return createPart(options, place);
    return { head: undefined, push: (bytes) => [unreadFrame(bytes, 'body-limit')], end: () => [] };
  }

  const limited = (frames: readonly Frame[]): readonly Frame[] =>
    frames.map((frame) => (frame.segments.length > 0 ? marked(frame, 'body-limit') : frame));

  function read(content: Buffer): readonly Frame[] {
    const part = createPart(options, place);
    return [...part.push(content), ...part.end()];
  }

  function body(): readonly Frame[] {
    const bytes = gather.take();
    const encoding = transferEncoding(head.transferEncoding);
    if (encoding === 'as-is') return read(bytes);
    const content = encoding?.decode(bytes);
    if (encoding !== undefined && content !== undefined)
      return content.length === 0 ? [unreadFrame(bytes, undefined)] : [encoded(bytes, read(content), encoding)];
    const reader = readers.text('content-encoding');
    return [...reader.push(bytes), ...reader.end()].map((frame) => withPrefix(frame, keyOf(index)));
  }

  return {
    head: [],
    push(bytes) {
      if (over !== undefined) return limited(over.push(bytes));
      if (gather.size + bytes.length <= options.limits.bodyBytes) {
        gather.add(bytes);
        return [];
      }
      over = tooLarge();
      return [front, ...limited(over.push(gather.take())), ...limited(over.push(bytes))];
    },
    end: () => (over === undefined ? [withLength(front, body(), head)] : limited(over.end())),
  };
}

/** Frames of what was decoded as one frame of what came. */
function encoded(bytes: Buffer, frames: readonly Frame[], { encode }: TransferEncoding): Frame {
  const frame = joinedFrame(frames);
  return { ...frame, bytes, seal: (changed) => encode(sealed(frame, changed)) };
}

/** A head and its content as one frame, in which Content-Length fits what the content becomes. */
function withLength(front: Frame, content: readonly Frame[], { contentLength }: PartHead): Frame {
  const frame = joinedFrame([front, ...content]);
  const laneEnds = ['*'];
  if (contentLength === undefined) return { ...frame, laneEnds };
  const length = frame.bytes.length - front.bytes.length;
  const wrong = Number(front.bytes.toString('latin1', contentLength.start, contentLength.end)) !== length;
  return {
    ...frame,
    laneEnds,
    uninspectable: frame.uninspectable ?? (wrong ? 'invalid-multipart' : undefined),
    seal(changed) {
      const head = changed[0]!;
      const all = sealed(frame, changed);
      // The length stands behind other headers, which may have changed: it is looked up again.
      const at = readPartHead(head).contentLength;
      if (at === undefined) return all;
      const digits = Buffer.from(String(all.length - head.length));
      return Buffer.concat([head.subarray(0, at.start), digits, all.subarray(at.end)]);
    },
  };
}

function withPrefix(frame: Frame, prefix: string): Frame {
  return {
    ...frame,
    segments: frame.segments.map((segment) => ({ ...segment, key: `${prefix}.${segment.key}` })),
    laneEnds: frame.laneEnds.map((key) => (key === '*' ? key : `${prefix}.${key}`)),
  };
}
