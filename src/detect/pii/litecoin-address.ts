import { BASE58_CLASS, base58CheckVersion } from '../checks/base58.ts';
import { BECH32_CLASS, isSegwitAddress } from '../checks/segwit.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'litecoin-address',
  family: 'pii',
  summary: 'Litecoin, Dogecoin and Dash addresses: Base58Check with the version of the chain, and bech32 for ltc1.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.99,
  pattern: new RegExp(`\\b(?:[LMDA9X7](?:${BASE58_CLASS}{4}){5}${BASE58_CLASS}{5,14}|ltc1${BECH32_CLASS}{11,71})\\b`),
  check: isLitecoinAddress,
  references: ['owasp-llm:LLM02:2026', 'bip:173'],
  finds: [
    'litecoin LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1 please',
    'MVN5VT7UxJSBvmdtEWhxPpYQuAkZ2ymu4V',
    'ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9.',
    'doge: DLfNTLkvgkrTywFu7DUZgDnR1ub2GPEvmo',
    '9soaUZ1tSTWwZtXAoMUW1vb56AA5fhVm1V',
    'dash Xpxae4ozY7um4Y1eLqqAUNn6v1fKt3YCmQ',
  ],
  ignores: [
    'LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc2',
    'DH5yaieqoZN36fDVciNyRueRGvGLR3mr7M',
    'ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n8',
    'Massachusetts is a state',
    'AKbcdefghijkmnopqrstuvwxyzABCDEFGH',
    'XmasPartyMasterPnanBcdeFghjKmnPqrs',
  ],
});

/** Litecoin P2PKH and P2SH, Dogecoin P2PKH and P2SH, Dash P2PKH and P2SH (the chains' chainparams). */
const VERSIONS = [0x30, 0x32, 0x1e, 0x16, 0x4c, 0x10];

function isLitecoinAddress(candidate: string): boolean {
  return candidate.startsWith('ltc1') ? isSegwitAddress(candidate) : VERSIONS.includes(base58CheckVersion(candidate) ?? -1);
}
