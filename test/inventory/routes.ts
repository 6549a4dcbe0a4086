/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export function shuffled<T>(all: readonly T[], random: () => number): readonly T[] {
  const out = [...all];
  for (let at = out.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [out[at], out[other]] = [out[other]!, out[at]!];
  }
  return out;
}

type Random = () => number;

const HEX = '0123456789abcdef';
const SMALL = 'abcdefghijklmnopqrstuvwxyz';
const ALPHANUMERIC = `${SMALL}${SMALL.toUpperCase()}0123456789`;
const WORDS = 'amber basil cedar delta ember fern grape hazel iris jade kiwi lemon maple navy olive pearl quartz rose sage teal'.split(' ');
const SYLLABLES = 'ba be bo da de du ka ki ko la le lo ma mi mo na ne no ra ri ro sa si so ta te to'.split(' ');

const pick = <T>(random: Random, all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
const some = (random: Random, count: number, from: string): string => Array.from({ length: count }, () => pick(random, [...from])).join('');
const two = (random: Random, max: number): string => String(1 + Math.floor(random() * max)).padStart(2, '0');

/** Values of parameters as APIs have them. */
export const ID_KINDS: Readonly<Record<string, (random: Random) => string>> = {
  integer: (random) => String(Math.floor(random() * 1_000_000)),
  uuid: (random) => [8, 4, 4, 4, 12].map((count) => some(random, count, HEX)).join('-'),
  objectid: (random) => some(random, 24, HEX),
  ulid: (random) => `01${some(random, 24, '0123456789ABCDEFGHJKMNPQRSTVWXYZ')}`,
  nanoid: (random) => some(random, 21, `${ALPHANUMERIC}_-`),
  prefixed: (random) => `cus_${some(random, 14, ALPHANUMERIC)}`,
  date: (random) => `20${10 + Math.floor(random() * 16)}-${two(random, 12)}-${two(random, 28)}`,
  email: (random) => `${some(random, 6, SMALL)}@example.com`,
  slug: (random) => [pick(random, WORDS), pick(random, WORDS), pick(random, WORDS)].join('-'),
  username: (random) => [pick(random, SYLLABLES), pick(random, SYLLABLES), pick(random, SYLLABLES)].join(''),
  code: (random) => some(random, 6, 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'),
  base64: (random) => `${some(random, 22, ALPHANUMERIC)}==`,
};

const COLLECTIONS = (
  'accounts users orders invoices payments cards loans branches tickets messages products carts shipments returns coupons reviews sessions ' +
  'devices alerts reports teams projects tasks files folders notes events webhooks keys plans agents flows runs jobs queues topics images ' +
  'videos tags labels stores regions zones quotes trades funds claims policies vendors contracts'
).split(' ');
const PARTS = 'items history status notes audit members settings comments versions'.split(' ');

/** 300 routes as `METHOD /path/{kind}`: collections, their elements, parts of them, and actions with a name. */
export function routesOf(random: Random): readonly string[] {
  const kinds = Object.keys(ID_KINDS);
  const routes = COLLECTIONS.flatMap((name, index) => {
    const base = `/api/v${1 + (index % 2)}/${name}`;
    const [kind, other] = [kinds[index % kinds.length], pick(random, kinds)];
    const part = `${base}/{${kind}}/${PARTS[index % PARTS.length]}`;
    const nested = `GET ${base}/{${kind}}/${PARTS[(index + 3) % PARTS.length]}/{${other}}`;
    const action = index % 5 === 0 ? [`GET ${base}/search`] : [];
    return [`GET ${base}`, `POST ${base}`, `GET ${base}/{${kind}}`, `DELETE ${base}/{${kind}}`, `GET ${part}`, nested, ...action];
  });
  return routes.slice(0, 300);
}
