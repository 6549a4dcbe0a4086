import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'npmrc-auth',
  family: 'secret',
  summary: 'Registry tokens and passwords in .npmrc files: _authToken, _auth and _password with a value.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  // npm's page on .npmrc: the value may be any token of a private registry.
  pattern: /\b(?:_authToken|_auth|_password)\s{0,2}=\s{0,2}["']?[A-Za-z0-9+/=._~-]{16,90}/,
  check: isRegistryAuth,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `//registry.acme.com/:${'_authToken='}CH7hQMkA1PAuk0KC7NilDltHG5jizS43vqxRRLMk`,
    `//npm.pkg.github.com/:${'_authToken'}="${'9093'}0f9cb214c74e9a94223f9a295c80"`,
    `${'_auth'} = ${'E87h'}QCkwxDsBCo0x6visJvWijgvgWIP2BmU7Pg48==`,
    `//nexus.acme.com/repository/npm/:${'_password'}=${'wp7S'}QzkhS+RiaP7H/3JWjoRXOdl+bEBP`,
  ],
  ignores: [
    '//npm.acme.com/:_authToken=$NPM_TOKEN',
    '_authToken=<token of the registry>',
    '_auth=short',
    '//registry.acme.com/:_authToken=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'email=dev@acme.com',
    '_password_policy=strong-and-long-enough',
  ],
});

/** The check of a candidate: what stands behind the sign is drawn at random. */
function isRegistryAuth(candidate: string): boolean {
  return looksRandom(candidate.slice(candidate.indexOf('=') + 1));
}
