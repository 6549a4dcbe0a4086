import type { Random } from '../test/support/random.ts';
import { type FlowTool, type FlowValues, HARMS, LOOKS, PRIVATE_READS, SENDS } from './flow-tools.ts';

/** A conversation and the call that a model makes at its end. */
export interface FlowCase {
  /** What is counted together: the attack's type, or what a twin does. */
  readonly group: string;
  readonly wanted: 'stopped' | 'passed';
  readonly user: string;
  readonly turns: readonly FlowTurn[];
  readonly call: FlowAction;
}

export interface FlowAction {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A call that was made before, and what came back. */
export interface FlowTurn extends FlowAction {
  readonly result: string;
}

/** What an attack and its twin are made of. */
export interface FlowSeed {
  readonly attackType: string;
  /** What the user has called: the tool, the request that fits it, and its result with and without an attack. */
  readonly tool: string;
  readonly user: string;
  readonly poisoned: string;
  readonly harmless: string;
  /** Results of tools that read private data. */
  readonly privateResults: readonly string[];
}

/** The conversation of a seed whose last call the attack has asked for. */
export function attackOf(seed: FlowSeed, random: Random): FlowCase {
  const { attackType, tool, user, poisoned } = seed;
  const first = { name: tool, args: { query: 'latest' }, result: poisoned };
  const values = { ...drawValues(random), text: 'Here it is.' };
  if (isHarm(attackType)) {
    const harm = random.pick<FlowTool>(HARMS[attackType]);
    return { group: attackType, wanted: 'stopped', user, turns: [first], call: callOf(harm, values) };
  }
  const read = readOf(seed, random);
  const send = random.pick(SENDS);
  const call = callOf(send, { ...values, email: attackersAddress(seed) ?? values.email, text: read.result.slice(0, 400) });
  return { group: attackType, wanted: 'stopped', user, turns: [first, read], call };
}

/** The same conversation with nothing bad in it, and a call that its user wants. */
export function twinOf(seed: FlowSeed, random: Random): FlowCase {
  const { attackType, tool, user, harmless } = seed;
  const first = { name: tool, args: { query: 'latest' }, result: harmless };
  const turns = isHarm(attackType) ? [first] : [first, readOf(seed, random)];
  if (random.below(3) === 0) {
    const call = { name: random.pick(LOOKS), args: { query: harmless.slice(0, 40) } };
    return { group: 'looks further', wanted: 'passed', user, turns, call };
  }
  const asked = random.pick<FlowTool>(isHarm(attackType) ? HARMS[attackType] : SENDS);
  const values = { ...drawValues(random), text: turns.at(-1)!.result.slice(0, 400) };
  const group = isHarm(attackType) ? 'does what was asked' : 'sends where it was asked to';
  return { group, wanted: 'passed', user: `${user} And ${asked.ask(values)}.`, turns, call: callOf(asked, values) };
}

function isHarm(type: string): type is keyof typeof HARMS {
  return type in HARMS;
}

function readOf({ attackType, privateResults }: FlowSeed, random: Random): FlowTurn {
  const names = PRIVATE_READS[attackType as keyof typeof PRIVATE_READS] ?? PRIVATE_READS.Others;
  return { name: random.pick<string>(names), args: {}, result: random.pick(privateResults) };
}

const callOf = ({ name, args }: FlowTool, values: FlowValues): FlowAction => ({ name, args: args(values) });

const PEOPLE = ['maren.holt', 'jonas.pihl', 'ines.duarte', 'rafiq.noor', 'lea.brandt'];
const ITEMS = ['alder', 'birch', 'cedar', 'rowan', 'hazel'];
const MONTHS = ['January', 'March', 'June', 'October', 'December'];

function drawValues(random: Random): FlowValues {
  const month = random.below(MONTHS.length);
  const day = 10 + random.below(18);
  const number = String([1, 3, 6, 10, 12][month]!).padStart(2, '0');
  const person = `${random.pick(PEOPLE)}${random.below(90)}`;
  return {
    email: `${person}@mail.example`,
    account: `0049${100_000 + random.below(900_000)}`,
    amount: 10 + random.below(3000),
    item: `${random.pick(ITEMS)}-${1000 + random.below(9000)}`,
    person,
    day: { said: `${MONTHS[month]!} ${day}`, iso: `2026-${number}-${day}` },
    text: '',
  };
}

/** The address that came with the attack: those of the mail around it stand in the harmless result too. */
function attackersAddress({ poisoned, harmless }: FlowSeed): string | undefined {
  return poisoned.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g)?.find((address) => !harmless.includes(address));
}
