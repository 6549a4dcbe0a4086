import { unitAt } from '../lib/unit-at.ts';
import type { UnitTable } from './alphabet.ts';
import { type Automaton, DEAD, ROW_SHIFT, type State } from './automaton.ts';

/** What began before a place of the text and is still alive. */
interface Elders {
  readonly place: number;
  state: State;
}

/**
 * The places from which a scan would like to know that nothing goes on from before them. The automaton that reads the text says so only where
 * everything that is alive began with one unit: of words that are each the beginning of something it keeps all.
 */
export class EarlierStarts {
  readonly #automaton: Automaton;
  readonly #columns: UnitTable;
  /** By place. */
  #elders: Elders[] = [];

  /** `automaton`: one in which nothing begins. */
  constructor(automaton: Automaton, columns: UnitTable) {
    this.#automaton = automaton;
    this.#columns = columns;
  }

  /** From here on a place is asked about; `state`: what is alive there. Nothing when there are as many already as are followed at once. */
  follow(place: number, state: State): void {
    if (this.#elders.length < PLACES_MAX) this.#elders.push({ place, state });
  }

  /** Takes the next units of the text, behind all places. Forgets all places where that would cost too many states. */
  read(piece: string): void {
    if (this.#elders.length === 0) return;
    this.#automaton.earn(piece.length);
    for (const elders of this.#elders) this.#age(elders, piece);
    if (this.#automaton.isSpent()) this.#elders = [];
  }

  /** The last place that nothing goes on from before; undefined when there is none. Forgets it and those before it, and those before `from`. */
  takeDecided(from: number): number | undefined {
    const last = this.#elders.findLastIndex(({ place, state }) => place <= from || state.nodes.length === 0);
    if (last < 0) return undefined;
    const { place } = this.#elders[last]!;
    this.#elders.splice(0, last + 1);
    return place > from ? place : undefined;
  }

  #age(elders: Elders, piece: string): void {
    const automaton = this.#automaton;
    let row = automaton.rowOf(elders.state);
    for (let i = 0; i < piece.length; i++) {
      const column = this.#columns[unitAt(piece, i)]!;
      let entry = automaton.table()[row + column]!;
      if (entry < 0) {
        if (automaton.isSpent()) return;
        entry = automaton.extend(row, column);
      }
      row = entry >> ROW_SHIFT;
      if ((entry & DEAD) !== 0) break;
    }
    elders.state = automaton.stateAt(row);
  }
}

/** Places that are followed at once. Where as many words are undecided, a run of many more is likely. */
const PLACES_MAX = 4;
