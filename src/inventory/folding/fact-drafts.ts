import { draftFact, type FactDraft, type FactKind } from '../facts.ts';

/** Facts that are being made, each found by its kind and key without making a text of them. */
export interface FactDrafts {
  /** Under kind and key as one string. */
  readonly facts: Map<string, FactDraft>;
  /** The same facts, below their kind and each part of their key. */
  readonly branches: Branch;
}

interface Branch {
  readonly below: Map<string, Branch>;
  fact: FactDraft | undefined;
}

const createBranch = (): Branch => ({ below: new Map(), fact: undefined });

export const createFactDrafts = (): FactDrafts => ({ facts: new Map(), branches: createBranch() });

/** The fact of a key, made when it is first asked for. */
export function draft({ facts, branches }: FactDrafts, kind: FactKind, key: readonly string[]): FactDraft {
  let branch = below(branches, kind);
  for (const part of key) branch = below(branch, part);
  if (branch.fact === undefined) {
    branch.fact = draftFact(kind, key);
    facts.set(`${kind}\0${key.join('\0')}`, branch.fact);
  }
  return branch.fact;
}

function below(branch: Branch, part: string): Branch {
  let found = branch.below.get(part);
  if (found === undefined) {
    found = createBranch();
    branch.below.set(part, found);
  }
  return found;
}
