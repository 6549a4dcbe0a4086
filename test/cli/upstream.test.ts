import { describe, expect, test } from 'vitest';
import { caBundle, parseUpstream } from '../../src/cli/upstream.ts';

const noRoots = (): string => {
  throw new Error('asked for roots');
};

describe('--upstream', () => {
  test.each([
    ['http://localhost:8080', { host: 'localhost', port: 8080, name: 'localhost:8080' }],
    ['http://provider.example', { host: 'provider.example', port: 80, name: 'provider.example' }],
    ['http://[::1]:99/', { host: '::1', port: 99, name: '[::1]:99' }],
  ])('%s is a plain upstream', (text, expected) => {
    expect(parseUpstream(text, noRoots)).toEqual({ ...expected, caFile: undefined });
  });

  test('an https upstream comes with a CA bundle that exists', () => {
    const { host, port, name, caFile } = parseUpstream('https://api.openai.com', () => caBundle('/nowhere'));
    expect([host, port, name]).toEqual(['api.openai.com', 443, 'api.openai.com']);
    expect(caFile).toMatch(/\.(pem|crt)$/);
  });

  test.each(['api.openai.com', 'ftp://a', 'https://a/v1', 'https://a?x=1', 'https://user@a', ''])('%s is refused', (text) => {
    expect(() => parseUpstream(text, noRoots)).toThrow(/^--upstream /);
  });
});
