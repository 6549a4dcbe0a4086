import { createRequire } from 'node:module';
import { isMap, isScalar, parseDocument } from 'yaml';

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** List prices by model name, without date and provider. */
export type PriceTable = ReadonlyMap<string, Price>;

export type ParsedPrices =
  | { readonly ok: true; readonly prices: PriceTable }
  | { readonly ok: false; readonly line: number; readonly problem: string };

const builtIn = createRequire(import.meta.url)('./prices.json') as { readonly models: Readonly<Record<string, Price>> }; // a file of ours

const MODELS_MAX = 10_000;
const NAME_UNITS_MAX = 256;

/** List prices that come with Sluice, of the date that stands in the file. An operator's own file replaces or adds rows. */
export function builtInPrices(): PriceTable {
  return new Map(Object.entries(builtIn.models));
}

/**
 * An operator's price table, YAML or JSON: `models: {name: {input: 1.25, output: 10}}`. Rows of `base` that it does not name stay.
 * A wrong row is an error with its line; nothing of it is taken.
 */
export function parsePrices(text: string, base: PriceTable = builtInPrices()): ParsedPrices {
  const document = parseDocument(text);
  const at = (offset: number | undefined): number => text.slice(0, offset ?? 0).split('\n').length;
  const [error] = document.errors;
  if (error !== undefined) return { ok: false, line: at(error.pos[0]), problem: 'is no YAML' };
  const models = isMap(document.contents) ? document.contents.get('models', true) : undefined;
  if (!isMap(models)) return { ok: false, line: 1, problem: 'has no `models` with a row for each model' };
  if (models.items.length > MODELS_MAX) return { ok: false, line: 1, problem: `has more than ${MODELS_MAX} models` };
  const prices = new Map(base);
  for (const { key, value } of models.items) {
    const line = at(isScalar(key) ? key.range?.[0] : undefined);
    const name: unknown = isScalar(key) ? key.value : undefined;
    if (typeof name !== 'string' || name === '' || name.length > NAME_UNITS_MAX)
      return { ok: false, line, problem: 'has a model without a name' };
    const price: unknown = isMap(value) ? value.toJSON() : undefined;
    if (!isPrice(price)) return { ok: false, line, problem: 'has a model without `input` and `output`, in dollars for a million tokens' };
    prices.set(name, { input: price.input, output: price.output });
  }
  return { ok: true, prices };
}

/**
 * Millionths of a US dollar, rounded up; undefined for a model that is not in the table. Names may bring their provider (`openai/…`,
 * `anthropic.…`) and the date or version of a snapshot; a variant with another name (`…-pro`) is another model.
 */
export function costMicroUsd(
  prices: PriceTable,
  { model, tokensIn, tokensOut }: { readonly model: string; readonly tokensIn: number; readonly tokensOut: number },
): number | undefined {
  const price = prices.get(model) ?? prices.get(plainName(model));
  return price === undefined ? undefined : Math.ceil(tokensIn * price.input + tokensOut * price.output);
}

function isPrice(value: unknown): value is Price {
  if (typeof value !== 'object' || value === null || !('input' in value) || !('output' in value)) return false;
  return [value.input, value.output].every((one) => typeof one === 'number' && Number.isFinite(one) && one >= 0 && one <= 1e6);
}

/** Providers and regions that Bedrock, Vertex and routers write in front of a name. */
const PREFIXES = ['us.', 'eu.', 'apac.', 'global.', 'anthropic.', 'cohere.', 'models/'] as const;

function plainName(model: string): string {
  if (model.length > NAME_UNITS_MAX) return '';
  let name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  for (const prefix of PREFIXES) if (name.startsWith(prefix)) name = name.slice(prefix.length);
  return withoutDate(withoutVersion(name));
}

/** Without `-v1:0`, `-v2`, `@…` and `-latest`. */
function withoutVersion(name: string): string {
  const cut = name.includes('@') ? name.slice(0, name.indexOf('@')) : name.endsWith('-latest') ? name.slice(0, -'-latest'.length) : name;
  const version = cut.lastIndexOf('-v');
  return version > 0 && isDigits(cut.slice(version + 2).replace(':', '')) ? cut.slice(0, version) : cut;
}

/** Without `-20250514` or `-2025-08-07`. */
function withoutDate(name: string): string {
  const short = name.slice(-9);
  if (short.startsWith('-') && short.length === 9 && isDigits(short.slice(1))) return name.slice(0, -9);
  const long = name.slice(-11);
  const isDate = long.length === 11 && long[0] === '-' && long[5] === '-' && long[8] === '-' && isDigits(long.replaceAll('-', ''));
  return isDate ? name.slice(0, -11) : name;
}

function isDigits(text: string): boolean {
  return text.length > 0 && [...text].every((unit) => unit >= '0' && unit <= '9');
}
