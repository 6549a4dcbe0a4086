import { replacementOf } from '../detect/matches.ts';
import type { Engine } from '../detect/scan.ts';
import type { LaneEdit } from '../text/segment.ts';
import { tokenKind, type ValueTokens } from './value-tokens.ts';

/** Puts tokens in place of some values of one text of a request. Told all of the text, in order. */
export interface TokenMinting {
  push(text: string): void;
  /** What stands in place of a redacted text: the token of its value, where it has one. The text must have been pushed as far as it is there. */
  written(edit: LaneEdit): string;
  /** What begins after `offset` is all that will still be asked for. */
  forgetBefore(offset: number): void;
}

/** Undefined: no rule of the engine makes tokens. */
export function createTokenMinting({ rules }: Pick<Engine, 'rules'>, tokens: ValueTokens): TokenMinting | undefined {
  const own = rules.filter(({ tokenizes }) => tokenizes === true);
  if (own.length === 0) return undefined;
  /** What tokens are called, by the replacement that they stand for. */
  const kinds = new Map(own.map((rule) => [replacementOf(rule), tokenKind(rule.id)]));
  /** The text from `from` on. */
  let text = '';
  let from = 0;
  return {
    push(more) {
      text += more;
    },
    written({ start, end, replacement }) {
      const kind = kinds.get(replacement);
      if (kind === undefined || end > from + text.length) return replacement;
      return tokens.mint(kind, text.slice(start - from, end - from)) ?? replacement;
    },
    forgetBefore(offset) {
      text = text.slice(Math.max(0, offset - from));
      from = Math.max(from, offset);
    },
  };
}
