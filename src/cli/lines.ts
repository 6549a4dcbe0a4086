import { StringDecoder } from 'node:string_decoder';

/**
 * Lines as JSONL has them, without their ends; a last one without an end counts. Bytes that are not UTF-8 are replaced. `node:readline`
 * will not do: it also breaks at U+2028, which stands in JSON as it is.
 */
export async function* linesOf(input: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest: string[] = [];
  for await (const chunk of input) {
    const [first = '', ...others] = decoder.write(chunk).split('\n');
    rest.push(first);
    for (const next of others) {
      yield rest.join('');
      rest = [next];
    }
  }
  const last = rest.join('') + decoder.end();
  if (last !== '') yield last;
}
