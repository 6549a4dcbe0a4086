import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'wireguard-key',
  family: 'secret',
  summary: 'WireGuard private and preshared keys: 32 bytes in base64 behind their name. Public keys pass.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.97,
  pattern: /\b(?:PrivateKey|PresharedKey|private[-_]key|preshared[-_]key)["']?\s{0,3}[=:]\s{0,3}["']?[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=/,
  check: (candidate) => looksRandomMixed(candidate.slice(-44)),
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `[Interface]\nPrivateKey = ${'yAnz5T'}F+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n`,
    `PresharedKey=${'FpCyho'}pbSHkCGhM7wQcgRoXCuBHpQsBTXbDqI8fxqCQ=`,
    `wg set wg0 private-key: "${'gI6EdU'}SYvn8ugXOt8QQD6Yc+JyiZxIhp3GInSWRfWGE="`,
    `"private_key": "${'HIgo9x'}NzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw="`,
  ],
  ignores: [
    'PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
    'PrivateKey = <private key>',
    `PrivateKey = ${'A'.repeat(43)}=`,
    'PrivateKey = /etc/wireguard/private.key',
    'PostUp = wg set %i private-key /etc/wireguard/%i.key',
  ],
});
