import { asciiSet, isHex } from '../../lib/ascii-set.ts';

/**
 * The common names of a distinguished name as RFC 2253 writes it, and Envoy with it: `CN=billing,OU=fin\, eu,O=Corp`. Escapes are undone.
 * Undefined when it is not of that form. Linear in its length.
 */
export function commonNames(name: string): readonly string[] | undefined {
  const names: string[] = [];
  for (let at = 0; at < name.length; ) {
    const equals = name.indexOf('=', at);
    if (equals < 0) return undefined;
    const type = name.slice(at, equals).trim().toUpperCase();
    const value = readValue(name, equals + 1);
    if (value === undefined || !isAttributeType(type)) return undefined;
    if (type === 'CN' || type === '2.5.4.3') names.push(value.text);
    at = value.end + 1;
  }
  return names;
}

const isTypeText = asciiSet('A-Z0-9.-');

function isAttributeType(type: string): boolean {
  return type !== '' && type.length <= 64 && isTypeText(type);
}

/** The value from there to the next unescaped `,`, `;` or `+`; undefined for a broken escape, or for one written as `#` and its DER bytes. */
function readValue(name: string, from: number): { readonly text: string; readonly end: number } | undefined {
  if (name[from] === '#') return undefined;
  const bytes: number[] = [];
  let text = '';
  const flush = () => {
    text += Buffer.from(bytes.splice(0)).toString('utf8');
  };
  let end = from;
  while (end < name.length && !',;+'.includes(name[end]!)) {
    if (name[end] !== '\\') {
      flush();
      text += name[end]!;
      end++;
      continue;
    }
    const hex = name.slice(end + 1, end + 3);
    if (hex.length === 2 && isHex(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      end += 3;
    } else if (end + 1 < name.length) {
      flush();
      text += name[end + 1]!;
      end += 2;
    } else return undefined;
  }
  flush();
  return { text, end };
}
