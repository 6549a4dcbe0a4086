import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ATTACK_PROMPTS } from './attack-prompts.ts';
import { ATTACK_STYLES } from './attack-styles.ts';
import { BENIGN_PARTS, REQUEST_PARTS, TOKEN_PARTS } from './benign-parts.ts';
import { BENIGN_PROMPTS } from './benign-prompts.ts';
import { BENIGN_PROSE } from './benign-prose.ts';
import { BENIGN_QUESTIONS } from './benign-questions.ts';
import { BENIGN_TRIGGERS } from './benign-triggers.ts';
import type { DataRecord } from './model-data.ts';

/** How many harmless prompts are composed from parts. */
const COMPOSED = { prompts: 800, requests: 500, tokens: 300 } as const;

type Below = (limit: number) => number;

/** The project's own prompts as training records of the set `own`; their kind is their family. */
export function ownRecords(): readonly DataRecord[] {
  return [
    ...recordsOf(BENIGN_PROMPTS, 0, 'prompt'),
    ...recordsOf(BENIGN_QUESTIONS, 0, 'question'),
    ...recordsOf(BENIGN_PROSE, 0, 'prose'),
    ...recordsOf(BENIGN_TRIGGERS, 0, 'prompt'),
    ...recordsOf(ATTACK_PROMPTS, 1, 'attack'),
    ...recordsOf(ATTACK_STYLES, 1, 'attack'),
    ...readdirSync(TEXTS).flatMap(textsOf),
  ];
}

/** Attacks and harmless texts that look like them, each by an author who had not seen the rules: JSON lines with label, family, lang, text. */
const TEXTS = path.join(import.meta.dirname, 'texts');

function textsOf(file: string): readonly DataRecord[] {
  const lines = readFileSync(path.join(TEXTS, file), 'utf8').split('\n').filter(Boolean);
  return lines.map((line, i) => {
    const { label, family, text } = JSON.parse(line) as {
      readonly label: 'attack' | 'harmless';
      readonly family: string;
      readonly text: string;
    };
    return {
      id: `${file}-${i}`,
      text: withOwnHosts(text),
      label: label === 'attack' ? 1 : 0,
      kind: family,
      set: 'own',
      source: 'text',
      training: true,
    };
  });
}

/** Hosts that are reserved for examples. */
const RESERVED = /\b(?:[\w-]+\.)+example\b|\b(?:[\w-]+\.)*example\.(?:com|net|org)\b/g;

/** Authors send what attacks steal to hosts of examples: each becomes another one, so that those hosts are no sign of an attack. */
function withOwnHosts(text: string): string {
  return text.replaceAll(RESERVED, (host, at: number) => {
    const digest = createHash('sha256').update(`${host} ${at} ${text}`).digest();
    const letters = Array.from(digest.subarray(0, 5 + (digest[0]! % 5)), (byte) => String.fromCharCode(0x61 + (byte % 26)));
    return `${letters.join('')}.${ENDINGS[digest[31]! % ENDINGS.length]!}`;
  });
}

const ENDINGS = ['com', 'net', 'org', 'io', 'de', 'co.uk'] as const;

/**
 * Prompts put together by chance, for training only: harmless ones from parts, and every short attack inside something harmless.
 * `like` is the record whose set and fold it belongs to: no fold may learn from what it is asked about.
 */
export function composeRecords(
  records: readonly DataRecord[],
  below: Below,
): readonly (DataRecord & { readonly like: string | undefined })[] {
  const part = (from: readonly string[]): string => from[below(from.length)]!;
  const some = (from: readonly string[], most: number): string[] => Array.from({ length: below(most + 1) }, () => part(from));
  const carrier = (): string[] => [...some(BENIGN_PARTS.openings, 1), part(BENIGN_PARTS.tasks), ...some(BENIGN_PARTS.constraints, 1)];
  const joint = (): string => part([' ', ' ', ' ', '\n', '\n\n']);
  const base = { kind: 'composed', set: 'own', source: 'own', training: true } as const;
  const benign = Array.from({ length: COMPOSED.prompts }, (_, i) => {
    const { openings, tasks, constraints, endings } = BENIGN_PARTS;
    const sentences = [...some(openings, 1), part(tasks), ...some(tasks, 3), ...some(constraints, 5), ...some(endings, 1)];
    return { ...base, id: `composed-${i}`, text: sentences.join(joint()), label: 0, like: undefined } as const;
  });
  const requests = Array.from({ length: COMPOSED.requests }, (_, i) => {
    const { verbs, forms, topics, tones } = REQUEST_PARTS;
    const text = `${part(verbs)} ${part(forms)} ${part(topics)}${part(tones)}${part(['.', '.', '', '!'])}`;
    return { ...base, id: `composed-request-${i}`, text, label: 0, like: undefined } as const;
  });
  const tokens = Array.from({ length: COMPOSED.tokens }, (_, i) => {
    const { before, words, letters, behind } = TOKEN_PARTS;
    const token = [...some(words, 2), part(words), Array.from({ length: 16 }, () => part(letters)).join('')].join('_');
    return { ...base, id: `composed-token-${i}`, text: `${part(before)} ${token}${part(behind)}`, label: 0, like: undefined } as const;
  });
  const attacks = records
    .filter(({ text, label, kind }) => label === 1 && text.length < 400 && kind !== 'indirect_injection')
    .map(({ id, text, set }) => {
      const pieces = below(2) === 0 ? [...carrier(), text] : [text, ...carrier()];
      return { ...base, set, id: `composed-${id}`, text: pieces.join(joint()), label: 1, like: id } as const;
    });
  return [...benign, ...requests, ...tokens, ...attacks];
}

function recordsOf(prompts: Readonly<Record<string, readonly string[]>>, label: 0 | 1, source: string): DataRecord[] {
  return Object.entries(prompts).flatMap(([kind, templates]) =>
    templates.flatMap((template, i) =>
      expand(template).map(
        (text, variant): DataRecord => ({
          id: `own-${label}-${kind}-${i}-${variant}`,
          text,
          label,
          kind,
          set: 'own',
          source,
          training: true,
        }),
      ),
    ),
  );
}

const CHOICE = /\{([^{}\n]*\|[^{}\n]*)\}/g;

/** One text for each part of the longest choice; shorter choices begin again. */
function expand(template: string): readonly string[] {
  const longest = Math.max(1, ...Array.from(template.matchAll(CHOICE), ([, parts]) => parts!.split('|').length));
  return Array.from({ length: longest }, (_, variant) =>
    template.replace(CHOICE, (_choice, parts: string) => {
      const options = parts.split('|');
      return options[variant % options.length]!;
    }),
  );
}
