import { BASE58_CLASS, base58CheckVersion, RIPPLE_ALPHABET } from '../checks/base58.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ripple-address',
  family: 'pii',
  summary: 'XRP Ledger classic addresses: base 58 in the order of Ripple, with the checksum.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.99,
  pattern: new RegExp(`\\br(?:${BASE58_CLASS}{4}){5}${BASE58_CLASS}{3,14}\\b`),
  check: (candidate) => base58CheckVersion(candidate, RIPPLE_ALPHABET) === 0,
  references: ['owasp-llm:LLM02:2026', 'xrpl:addresses'],
  finds: [
    'send XRP to rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh now',
    'rnHCC5xbuCzYPFPqbGvzqJpDgUjP9JNBEX',
    '{"Destination":"rKyHYfosRTV63u71p9LfR2r2jwDvTskeT6"}',
    'ripple:rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh?dt=1',
  ],
  ignores: [
    'rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTg',
    'rHb9CJAWyB4rj91VRWn96DkukG4bwdty',
    'rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr',
    'requirementsAndRequestsAreReadHere',
    'Lr9CJAWyB4rj91VRWn96DkukG4bwdtyTh',
    'r1 is a resistor',
  ],
});
