/** The text of a slot that has one piece; empty when it was not filled. */
export function one(texts: ReadonlyMap<string, readonly string[]>, slot: string): string {
  return (texts.get(slot) ?? []).join('');
}

/** What `make` makes of each piece of a slot. */
export function joined<T>(texts: ReadonlyMap<string, readonly string[]>, slot: string, make: (text: string) => T): T[] {
  return (texts.get(slot) ?? []).map(make);
}

/** Both lists, one of each in turn. */
export function inTurn<A, B>(first: readonly A[], second: readonly B[]): readonly (A | B)[] {
  return Array.from({ length: Math.max(first.length, second.length) }, (_, i) => [
    ...first.slice(i, i + 1),
    ...second.slice(i, i + 1),
  ]).flat();
}

/** One server-sent event with a JSON payload. */
export function sse(payload: unknown, name?: string): Buffer {
  return Buffer.from(`${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(payload)}\n\n`);
}

/** The data of each complete server-sent event, by the WHATWG rules, whatever the line ends; comments and the like are skipped. */
export function events(bytes: Buffer): readonly { readonly name: string | undefined; readonly data: string }[] {
  const blocks = bytes.toString().replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n\n').slice(0, -1);
  return blocks.map((block) => {
    const lines = block.split('\n');
    const values = (field: string) =>
      lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).replace(/^ /, ''));
    return { name: values('event').at(-1), data: values('data').join('\n') };
  });
}

/** The JSON payloads of the complete events; payloads that are no JSON (`[DONE]`) are left out. */
// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
export function jsonEvents(bytes: Buffer): readonly any[] {
  return events(bytes)
    .filter(({ data }) => data.startsWith('{') || data.startsWith('['))
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data));
}

/** Whether the stream ends with the marker `[DONE]`. */
export function isDone(bytes: Buffer): boolean {
  return events(bytes).at(-1)?.data === '[DONE]';
}

/** The JSON documents of the complete lines; a line that is no JSON is left out. */
// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
export function jsonLines(bytes: Buffer): readonly any[] {
  const lines = bytes.toString().split('\n').slice(0, -1);
  return lines.filter((line) => line.trim().startsWith('{')).map((line) => JSON.parse(line));
}

/** A piece of text as it stands inside a JSON string: what a model writes of a tool's arguments. */
export const jsonPiece = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The string that begins after `opening` in JSON of which the end may be missing; empty when it has not begun. */
export function stringSoFar(json: string, opening: string): string {
  if (!json.startsWith(opening)) return '';
  const [written = ''] = json.slice(opening.length).match(/^(?:[^"\\]|\\.)*/s) ?? [];
  const whole = written.replace(/\\u[0-9a-fA-F]{0,3}$/, ''); // an escape that is not complete
  return JSON.parse(`"${whole}"`);
}
