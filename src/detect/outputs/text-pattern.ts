import { unitAt } from '../../lib/unit-at.ts';
import { buildAlphabet } from '../alphabet.ts';
import { ACCEPTS, createAutomaton, ROW_SHIFT } from '../automaton.ts';
import { buildNfa } from '../nfa.ts';
import { parsePattern } from '../pattern.ts';

/** States of one pattern's automaton before it starts afresh. */
const STATES_MAX = 1024;

/**
 * Whether a pattern of somebody else's matches anywhere in a text, in time linear in the text. Counts of more than a few dozen are not kept:
 * `a{2,500}` also takes 501. Undefined: a pattern that no automaton can run (look-around, back-references), or no pattern at all.
 */
export function compileTextPattern(source: string): ((text: string) => boolean) | undefined {
  const parsed = parsePattern({ source, flags: 'u', mayBeEmpty: true });
  if (!parsed.ok) return undefined;
  const nfa = buildNfa([parsed.pattern.root], 'loose');
  const alphabet = buildAlphabet(nfa.nodes.flatMap((node) => (node.kind === 'unit' ? [node.set] : [])));
  const automaton = createAutomaton({ nfa, alphabet, fresh: true, longest: [parsed.pattern.longest], statesMax: STATES_MAX });
  const columnOfUnit = (unit: number): number => automaton.columnOf[alphabet.classOf[unit]!]!;
  const takesNothing = parsed.pattern.shortest === 0;
  return (text) => {
    if (text === '') return takesNothing;
    let row = automaton.rowOf(automaton.initial('start'));
    for (let i = 0; i < text.length; i++) {
      const column = columnOfUnit(unitAt(text, i));
      const known = automaton.table()[row + column]!;
      const entry = known < 0 ? automaton.extend(row, column) : known;
      row = entry >> ROW_SHIFT;
      if (entry & ACCEPTS) return true;
    }
    return automaton.acceptedAtEnd(automaton.stateAt(row)).length > 0;
  };
}
