import { isPlaceholder } from '../checks/placeholder.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'bundler-credentials',
  family: 'secret',
  summary: 'Credentials of private gem servers in Bundler variables and bundle config: a host with a user and a password.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  // bundler.io, "bundle config": dots of the host are two underscores.
  pattern:
    /\b(?:BUNDLE_[A-Z0-9_-]{4,40}["']?\s{0,2}[:=]\s{0,2}|bundle config (?:set )?(?:--(?:local|global) )?[\w.-]{4,26} )["']?[A-Za-z0-9._~%+-]{1,30}:[A-Za-z0-9_~%+.-]{2,39}\w\b/,
  check: isCredentialPair,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    'export BUNDLE_GEMS__ACME__COM=deploy:bo7zQqkARwrmZ9dz',
    `BUNDLE_RUBYGEMS__PKG__GITHUB__COM: "ci-bot:${'XD7V'}QokXedZgyLhvYKzjsRaz"`,
    `BUNDLE_GEM__FURY__IO='${'Ey70'}Q1kt18yBeOKonFeC:x-oauth'`,
    'ENV BUNDLE_PACKAGES__EXAMPLE__ORG=5f3a:91cc2b',
    `bundle config set --global gems.acme.com ${'cafeb4'}b3:d3adb33f`,
  ],
  ignores: [
    'BUNDLE_PATH=vendor/bundle',
    'bundle config set mirror.https://gems.acme.com https://mirror.acme.com',
    'bundle config gems.acme.com user:password',
    'BUNDLE_GEMS__ACME__COM=user:password',
    'BUNDLE_GEMS__ACME__COM=<user>:<password>',
    'BUNDLE_GEMS__ACME__COM=$USER:$PASS',
    'BUNDLE_MIRROR__ALL=https://mirror.acme.com',
    'export BUNDLE_GEMS__ACME__COM=user:xxxxxxxx',
  ],
});

const WORDS = new Set(['password', 'passwd', 'pass', 'secret', 'token', 'key', 'your', 'my']);

/** The check of a candidate: a value, not the word for it and not the address of a mirror. */
function isCredentialPair(candidate: string): boolean {
  const password = candidate.slice(candidate.lastIndexOf(':') + 1);
  return (candidate.includes('__') || candidate.startsWith('bundle')) && !WORDS.has(password.toLowerCase()) && !isPlaceholder(password);
}
