import { detector } from '../detector.ts';

// A manifest as kubectl prints and takes it: the data may stand before or after the metadata; only what follows `kind: Secret` is read.
const NAME = '[A-Za-z0-9_.-]{1,60}';

export default detector({
  name: 'kubernetes-secret',
  family: 'secret',
  summary: 'Manifests of Kubernetes secrets with data in base64; those without data or with templates pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: new RegExp(
    `\\bkind["']?:\\s{0,2}["']?Secret\\b["',]{0,2}\\s{1,12}(?:[^{}$<]{0,500}[\\s"'])?data["']?:\\s{1,12}(?:\\{\\s{0,12})?["']?${NAME}["']?:\\s{1,2}["']?(?:[A-Za-z0-9+/]{4}){2,256}[A-Za-z0-9+/=]{0,4}`,
  ),
  references: ['owasp-llm:LLM02:2026', 'cwe:312'],
  finds: [
    `kind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  password: ${'dFVsc'}DNuZmVsZDk=\n`,
    `apiVersion: v1\nkind: Secret\ndata:\n  token: ${'WnVnND'}cxMXhaWnVnNDcxMXha\nmetadata:\n  name: a`,
    `kind: Secret\nmetadata:\n  labels:\n    app: shop\ndata:\n  tls.key: ${'TFMwdE'}xTMUNSVWRKVGlCU1UwRT0=`,
    `"kind": "Secret",\n "type": "Opaque",\n "data": { "key": "${'cThadD'}NMbVc1eFIxbkI3dks5" }`,
  ],
  ignores: [
    'kind: Secret\nmetadata:\n  name: db\ntype: Opaque\n',
    'kind: Secret\nmetadata:\n  name: db\ndata:\n  password: {{ .Values.password }}\n',
    'kind: SecretStore\nspec:\n  data:\n    a: dFVscDNuZmVsZDk=\n',
    'kind: ConfigMap\ndata:\n  key: dFVscDNuZmVsZDk=\n',
    'kind: Secret\nmetadata:\n  name: db\ndata:\n  password: <base64>\n',
    'a kind: Secret needs its data: in base64',
  ],
});
