import { describe, expect, it } from 'vitest';
import { createInspection } from '../../src/exchange/inspection.ts';
import type { Finding } from '../../src/policy/finding.ts';
import { openaiChat } from '../../src/wire/formats/openai-chat.ts';
import { emptyFacts } from '../../src/wire/frame.ts';
import { loaded } from '../policy/compiled.ts';

const policyWith = (action: string) =>
  loaded(
    [
      'version: 1',
      'extends: none',
      'detectors:',
      `  output.links: {urls: {allow: [good.example]}, action: ${action}}`,
      `  output.code: {code: {deny: [shell]}, action: ${action}}`,
      `  topic.rivals: {phrases: [acme corp], action: ${action}}`,
    ].join('\n'),
    { catalogue: [] },
  );

const event = (content: string): string => `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content } }] })}\n\n`;
const END = `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;

/** What a client has read of a streamed answer whose text comes in pieces of this many characters, and what it had before the end. */
function stream(text: string, size: number, action: string) {
  const policy = policyWith(action);
  const findings: Finding[] = [];
  const inspection = createInspection({
    direction: 'response',
    format: openaiChat,
    contentType: 'text/event-stream',
    contentEncoding: undefined,
    profile: policy.route({ routeName: undefined, host: '', path: '' }).profile,
    mode: policy.mode,
    failMode: policy.failMode,
    limits: policy.limits,
    facts: emptyFacts(),
    findings,
  });
  const early: string[] = [];
  for (let at = 0; at < text.length; at += size) {
    inspection.push(Buffer.from(event(text.slice(at, at + size))));
    early.push(...inspection.take().map(String));
  }
  inspection.push(Buffer.from(END));
  inspection.end();
  const all = [...early, ...inspection.take().map(String)].join('');
  return {
    early: said(early.join('')),
    all: said(all),
    findings: findings.map(({ detector }) => detector),
    denied: inspection.denial?.detector,
  };
}

function said(bytes: string): string {
  const events = bytes.split('\n\n').filter((line) => line.startsWith('data: {'));
  return events.map((line) => JSON.parse(line.slice(6)).choices[0].delta.content ?? '').join('');
}

const TEXT = 'Ask Acme Corp at [x](https://evil.example/a?b=c), see https://good.example/.\n```bash\nrm -r x\n```\nBye.';
const REDACTED = 'Ask [REDACTED:topic.rivals] at [x]([REDACTED:output.links]), see https://good.example/.\n[REDACTED:output.code]\nBye.';

describe('lists in an answer that streams', () => {
  it.each([1, 2, 3, 5, 8, 1000])('redact what they find, in pieces of %i characters', (size) => {
    expect(stream(TEXT, size, 'redact')).toMatchObject({
      all: REDACTED,
      findings: ['topic.rivals', 'output.links', 'output.code'],
      denied: undefined,
    });
  });

  it.each([1, 2, 3, 5, 8, 1000])('deny before it leaves, in pieces of %i characters', (size) => {
    const links = stream(TEXT.replace('Acme', 'Some'), size, 'deny');
    expect(links).toMatchObject({ denied: 'output.links', findings: ['output.links'] });
    expect('Ask Some Corp at [x]('.startsWith(links.all)).toBe(true);
  });

  it('hold no more than what is undecided', () => {
    expect(stream('Some words and a https://good.example/path that goes', 1, 'redact').early).toBe(
      'Some words and a https://good.example/path that ',
    );
    expect(stream('It reads https://evil.exam', 1, 'redact').early).toBe('It reads ');
  });
});
