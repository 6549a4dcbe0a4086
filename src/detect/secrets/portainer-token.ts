import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'portainer-token',
  family: 'secret',
  summary: 'Portainer access tokens: prefix ptr_ and 32 bytes in base64.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.portainer.io/api/access.
  pattern: /\bptr_[A-Za-z0-9+/]{43}=/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `PORTAINER_TOKEN=${'ptr_'}pILO0uBNS81Nv5Mmu7Q8yog77UM7harp28F0LMLQk5u=`,
    `{"token":"${'ptr_'}nk4rNQKUBMlm7Lx06bt44ASzweJxB5EcXYfPYvP6UCn="}`,
    `my Portainer key is ${'ptr_'}3TkJnE8YMNep0LkAN8AG7RpkfHyFqtKoD6WLIHs91W3=, what do I do with it?`,
    `client = Client('${'ptr_'}af3V32ccvBltREd3yoDif3rXZleOOecGwGaepppKbIJ=')`,
  ],
  ignores: [
    `${'ptr_'}IKkwtbnWz46HIQ`,
    `${'ptr_'}0000000000000000000000000000000000000000000=`,
    `q${'ptr_'}ol6ChtKedvKIZJvKL5dfHbvPc9KjGFbFow7d0V9wmgi=`,
    'a key of Portainer begins with ptr_ and is kept in the vault',
    'PORTAINER_TOKEN=<your Portainer key>',
  ],
});
