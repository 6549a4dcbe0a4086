import type { BehaviourEvent } from '../src/agents/behaviour/event.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/agents/behaviour/settings.ts';
import type { Random } from '../test/support/random.ts';

/** How an agent works. */
export const ROLES = ['office', 'service', 'night-batch', 'weekly-batch', 'poller', 'analyst', 'developer'] as const;
export type Role = (typeof ROLES)[number];

/** One simulated agent: what it usually does. */
export interface SimulatedAgent {
  readonly name: string;
  readonly role: Role;
  readonly credential: string;
  readonly addresses: readonly string[];
  readonly model: string;
  /** Requests in an hour of full work, at the beginning. */
  readonly perHour: number;
  /** Growth of a week, as a factor. */
  readonly growth: number;
  readonly endpoints: string[];
  readonly tools: string[];
  /** Ids it works with are picked from so many. */
  readonly idSpace: number;
  /** Sensitive values in an answer, on average. */
  readonly sensitive: number;
  /** Share of answers that are 4xx. */
  readonly refused: number;
  /** First hour of its day, UTC. */
  readonly startHour: number;
}

export const ATTACKS = ['enumeration', 'credential sharing', 'slow drip', 'loop', 'volume'] as const;
export type Attack = (typeof ATTACKS)[number];

/** An attack: extra exchanges of its victim in some minutes. */
export interface PlantedAttack {
  readonly attack: Attack;
  /** Which way it is carried out; reported apart. */
  readonly variant: string;
  readonly victim: SimulatedAgent;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Month {
  readonly agents: readonly SimulatedAgent[];
  readonly attacks: readonly PlantedAttack[];
  readonly startMs: number;
  /** All exchanges in the order of time. */
  events(): Generator<BehaviourEvent>;
}

/** Monday, 5 January 2026, 00:00 UTC. */
const START_MS = Date.UTC(2026, 0, 5);
const FIRST_ATTACK_DAY = 14;

/** A month of `agents` agents from a seed; every second one is attacked once in the second half when `attacked`. */
export function simulateMonth(
  random: Random,
  { agents: count, days, attacked }: { readonly agents: number; readonly days: number; readonly attacked: boolean },
): Month {
  const agents = Array.from({ length: count }, (_, at) => agentOf(random, at));
  const attacks = attacked
    ? agents.filter((_, at) => at % 2 === 0).map((victim, at) => attackOn(random, victim, ATTACKS[at % ATTACKS.length]!, days))
    : [];
  return {
    agents,
    attacks,
    startMs: START_MS,
    *events() {
      const byMinute = Array.from({ length: days * 24 * 60 }, (_, minute) => minute);
      for (const minute of byMinute) {
        const ms = START_MS + minute * MINUTE_MS;
        const inMinute = [
          ...agents.flatMap((agent) => usual(random, agent, ms)),
          ...attacks.filter(({ startMs, endMs }) => ms >= startMs && ms < endMs).flatMap((attack) => extra(random, attack, ms)),
        ];
        yield* inMinute.toSorted((a, b) => a.unixMs - b.unixMs);
      }
    },
  };
}

function agentOf(random: Random, at: number): SimulatedAgent {
  const role = ROLES[at % ROLES.length]!;
  const name = `${role}-${at}`;
  const pods = role === 'service' ? 2 + random.below(8) : role === 'developer' ? 3 : 1 + random.below(2);
  const scale = { office: 12, service: 40, 'night-batch': 250, 'weekly-batch': 400, poller: 60, analyst: 30, developer: 10 }[role];
  return {
    name,
    role,
    credential: `key-${at}`,
    addresses: Array.from({ length: pods }, (_, pod) => `address-${at}-${pod}`),
    model: random.pick(['gpt-5-mini', 'claude-sonnet-4-5', 'gemini-2.5-flash']),
    perHour: scale * (0.5 + fraction(random) * 1.5),
    growth: 0.98 + 0.1 * fraction(random),
    endpoints: Array.from({ length: role === 'analyst' ? 25 : 2 + random.below(6) }, (_, one) => `api-${at}.example/v1/r${one}/{id}`),
    tools: Array.from({ length: 1 + random.below(6) }, (_, one) => `tool_${at}_${one}`),
    idSpace: 20 + random.below(role === 'analyst' ? 5_000 : 400),
    sensitive: random.pick([0, 0.02, 0.1, 0.5]),
    refused: 0.1 * fraction(random) ** 2,
    startHour: 6 + random.below(4),
  };
}

/** How much of its full work an agent does at this time: office hours with a lunch, weekends, nights, one holiday, days off the mark. */
function activity({ role, startHour }: SimulatedAgent, ms: number): number {
  const day = Math.floor((ms - START_MS) / DAY_MS);
  const hour = Math.floor((ms % DAY_MS) / HOUR_MS);
  const weekend = day % 7 >= 5;
  const since = hour - startHour;
  const office = since < 0 || since > 10 ? 0 : since === 0 || since === 10 ? 0.3 : since === 5 ? 0.6 : 1;
  switch (role) {
    case 'office':
    case 'analyst':
      return weekend || day === 17 ? 0.01 * office : office;
    case 'service':
      return 0.3 + 0.7 * Math.sin((Math.PI * hour) / 24) * (weekend ? 0.5 : 1);
    case 'night-batch':
      return hour === startHour % 5 ? 1 : 0;
    case 'weekly-batch':
      return day % 7 === 6 && hour >= 2 && hour <= 4 ? 1 : 0;
    case 'poller':
      return 1;
    case 'developer':
      return weekend ? 0.15 * office : Math.max(office, hour >= 20 && hour <= 22 ? 0.2 : 0);
    default:
      return role satisfies never;
  }
}

/** What an agent does in one minute when nobody attacks. */
function usual(random: Random, agent: SimulatedAgent, ms: number): readonly BehaviourEvent[] {
  const now = activity(agent, ms);
  if (now === 0) return [];
  const week = (ms - START_MS) / (7 * DAY_MS);
  const rate = (agent.perHour * now * agent.growth ** week * hourNoise(agent, ms)) / 60;
  changeNow(random, agent);
  return Array.from({ length: poisson(random, rate) }, () => exchangeOf(random, agent, ms + random.below(MINUTE_MS)));
}

/** The mood of an hour: log-normal with a spread of 35 %, and in one hour of fifty two to three times as much. The same for all its minutes. */
function hourNoise({ name }: SimulatedAgent, ms: number): number {
  const unit = (salt: number): number => {
    let mixed = Math.imul(
      Math.floor(ms / HOUR_MS) ^ Math.imul(name.length * 31 + Number(name.split('-').at(-1)), 0x9e37_79b1) ^ salt,
      0x85eb_ca6b,
    );
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
  const normal = Math.sqrt(-2 * Math.log(unit(1) + 1e-9)) * Math.cos(2 * Math.PI * unit(2));
  return Math.exp(0.35 * normal) * (unit(3) < 0.02 ? 2 + unit(4) : 1);
}

/** Software changes: about every four weeks of work an endpoint more, every six a tool. */
function changeNow(random: Random, agent: SimulatedAgent): void {
  if (random.below(20_000) === 0) agent.endpoints.push(`new-${agent.endpoints.length}.${agent.name}.example/{id}`);
  if (random.below(30_000) === 0) agent.tools.push(`tool_${agent.name}_new_${agent.tools.length}`);
}

function exchangeOf(random: Random, agent: SimulatedAgent, unixMs: number): BehaviourEvent {
  const { role, idSpace } = agent;
  const batch = role === 'night-batch' || role === 'weekly-batch';
  // Batches go through their ids one after the other; others pick some.
  const id = batch ? Math.floor((unixMs % DAY_MS) / 5_000) : random.below(idSpace);
  const polls = role === 'poller' && random.below(10) < 8;
  const called = random.below(3) === 0 || polls;
  const roams = role === 'developer' ? Math.floor(unixMs / (6 * HOUR_MS)) % agent.addresses.length : random.below(agent.addresses.length);
  return {
    unixMs,
    agent: agent.name,
    session: polls ? `${agent.name}/poll` : `${agent.name}/${Math.floor(unixMs / HOUR_MS)}/${random.below(4)}`,
    credential: agent.credential,
    address: agent.addresses[roams]!,
    endpoint: random.pick(agent.endpoints),
    status: fraction(random) < agent.refused ? 404 : 200,
    model: agent.model,
    tokensIn: 200 + random.below(2_000),
    tokensOut: 50 + random.below(500),
    tools: called
      ? [
          {
            name: polls ? agent.tools[0]! : random.pick(agent.tools),
            argumentsHash: polls ? polledArguments(agent, unixMs) : `arguments-${id}`,
            ids: [],
          },
        ]
      : [],
    ids: [observed(id)],
    sensitive: sensitiveOf(poisson(random, agent.sensitive)),
    denied: random.below(500) === 0,
  };
}

/** Every third poller waits for one job after the other, each some hours long; of the others a new version asks otherwise from some day on. */
function polledArguments({ name }: SimulatedAgent, unixMs: number): string {
  const at = Number(name.split('-').at(-1));
  if (at % 3 === 0) return `job-${Math.floor(unixMs / (5 * HOUR_MS))}`;
  return unixMs - START_MS < (9 + (at % 17)) * DAY_MS ? 'before' : 'after';
}

function attackOn(random: Random, victim: SimulatedAgent, attack: Attack, days: number): PlantedAttack {
  const variants = VARIANTS[attack];
  const { variant, hours } = random.pick(variants);
  const lastDay = Math.max(FIRST_ATTACK_DAY + 1, days - Math.ceil(hours / 24) - 1);
  const day = FIRST_ATTACK_DAY + random.below(lastDay - FIRST_ATTACK_DAY);
  const startMs = START_MS + day * DAY_MS + random.below(18) * HOUR_MS + random.below(60) * MINUTE_MS;
  return { attack, variant, victim, startMs, endMs: startMs + hours * HOUR_MS };
}

const VARIANTS: Readonly<Record<Attack, readonly { readonly variant: string; readonly hours: number }[]>> = {
  enumeration: [
    { variant: 'in sequence, one a minute', hours: 8 },
    { variant: 'in sequence, twenty a minute', hours: 1 },
    { variant: 'at random, ten a minute', hours: 3 },
  ],
  'credential sharing': [
    { variant: 'five more agents', hours: 24 },
    { variant: 'forty more addresses', hours: 6 },
    { variant: 'one more address, by turns', hours: 12 },
  ],
  'slow drip': [
    { variant: 'sensitive values, three times as many each day', hours: 12 * 24 },
    { variant: 'ids, three times as many each day', hours: 12 * 24 },
  ],
  loop: [
    { variant: 'every six seconds', hours: 1 },
    { variant: 'every twenty seconds among other calls', hours: 1 },
  ],
  volume: [
    { variant: 'ten times as much in an hour', hours: 1 },
    { variant: 'five times as much, four hours', hours: 4 },
  ],
};

/** What an attack adds in one minute. */
function extra(random: Random, { attack, variant, victim, startMs }: PlantedAttack, ms: number): readonly BehaviourEvent[] {
  const minute = Math.floor((ms - startMs) / MINUTE_MS);
  const like = (change: Partial<BehaviourEvent>): BehaviourEvent => {
    const { session: _, ...base } = exchangeOf(random, victim, ms + random.below(MINUTE_MS));
    return { ...base, denied: false, status: 200, tools: [], ids: [], sensitive: [], session: `${victim.name}/attack`, ...change };
  };
  const endpoint = victim.endpoints[0]!;
  const times = (count: number, of: (at: number) => BehaviourEvent) => Array.from({ length: count }, (_, at) => of(at));
  switch (attack) {
    case 'enumeration': {
      if (variant === 'in sequence, one a minute') return [like({ endpoint, ids: [observed(1_000_000 + minute)] })];
      if (variant === 'in sequence, twenty a minute')
        return times(20, (at) => like({ endpoint, ids: [observed(1_000_000 + 20 * minute + at)], unixMs: ms + at * 3_000 }));
      return times(10, () => like({ endpoint, ids: [observed(random.below(1e9))] }));
    }
    case 'credential sharing': {
      if (variant === 'five more agents') return minute % 20 === 0 ? [like({ agent: `stranger-${(minute / 20) % 5}` })] : [];
      if (variant === 'forty more addresses') return [like({ address: `stranger-${minute % 40}` })];
      return times(2, () => like({ address: 'stranger' }));
    }
    case 'slow drip': {
      // Spread over twelve hours of each day, three times what the agent has on a usual day, at least forty.
      if (minute % (24 * 60) >= 12 * 60) return [];
      const rate = dripRate(victim, variant);
      if (variant.startsWith('ids'))
        return times(poisson(random, rate), () => like({ endpoint, ids: [{ hash: `drip-${random.below(1e9)}` }] }));
      return times(poisson(random, rate), () => like({ sensitive: sensitiveOf(1) }));
    }
    case 'loop': {
      const same = { tools: [{ name: victim.tools[0]!, argumentsHash: `loop-${startMs}`, ids: [] }] };
      if (variant === 'every six seconds') return times(10, (at) => like({ ...same, unixMs: ms + at * 6_000 }));
      const others = times(2, () =>
        like({ tools: [{ name: random.pick(victim.tools), argumentsHash: `other-${random.below(1e6)}`, ids: [] }] }),
      );
      return [...times(3, (at) => like({ ...same, unixMs: ms + at * 20_000 })), ...others];
    }
    case 'volume': {
      const usualHour = Math.max(15, victim.perHour * victim.sensitive);
      const share = variant.startsWith('ten') ? 10 : 5;
      return times(1, () => like({ sensitive: sensitiveOf(Math.ceil((share * usualHour) / 60)) }));
    }
    default:
      return attack satisfies never;
  }
}

/** Per minute of the twelve hours. */
function dripRate(agent: SimulatedAgent, variant: string): number {
  const perDay = agent.perHour * DAILY_HOURS[agent.role];
  const usualDay = variant.startsWith('ids') ? Math.min(agent.idSpace, perDay / agent.endpoints.length) : perDay * agent.sensitive;
  return Math.max(40, 2 * usualDay) / (12 * 60);
}

const DAILY_HOURS: Readonly<Record<Role, number>> = {
  office: 9,
  service: 16,
  'night-batch': 1,
  'weekly-batch': 1,
  poller: 24,
  analyst: 9,
  developer: 9,
};

function observed(id: number) {
  return { hash: `id-${id}`, order: id };
}

function sensitiveOf(count: number) {
  return count === 0 ? [] : [{ kind: 'pii.email', count }];
}

function fraction(random: Random): number {
  return random.below(2 ** 30) / 2 ** 30;
}

/** Knuth's method; rates of minutes are small. */
function poisson(random: Random, rate: number): number {
  if (rate <= 0) return 0;
  const limit = Math.exp(-Math.min(rate, 50));
  let count = 0;
  for (let product = fraction(random); product > limit; product *= fraction(random)) count++;
  return count;
}
