import { isPlaceholder } from '../checks/placeholder.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'docker-config-auth',
  family: 'secret',
  summary: 'Registry credentials in a Docker config file or pull secret: "auth" with base 64 of user and password.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.docker.com/reference/cli/docker/login, "Credential stores".
  pattern: /"auth\\?"\s{0,4}:\s{0,4}\\?"[A-Za-z0-9+/]{12,90}={0,2}\\?"/,
  check: isDockerAuth,
  nearby: ['auths', 'docker', 'registry', 'ghcr.io', 'quay.io', 'gcr.io', 'azurecr', 'amazonaws', 'pkg.dev'],
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `{"auths":{"https://index.docker.io/v1/":{"auth":"${'YWNtZTpo'}N1FrMnZQOXNMdzQ="}}}`,
    `"ghcr.io": { "auth": "${'Ym90'}OnQ5WmtQNG1XcThMcjI=" }`,
    `{"auths":{"quay.io":{"auth":"${'dGVh'}bTpWYjNuUThzS2U1VHox","email":""}}}`,
    `{\\"auths\\":{\\"r.acme.io\\":{\\"auth\\":\\"${'Y2k6'}R202eVJ3MnBYZDlVYw==\\"}}}`,
  ],
  ignores: [
    '{"auths":{"quay.io":{"auth":"<base64>"}}}',
    '{"auths":{"quay.io":{"auth":"bm8gY29sb24gaGVyZSBhdCBhbGw="}}}',
    `"auth": "${'dXNl'}cjpwYXNzd29yZA=="`,
    'docker: {"auth": "short"}',
    '{"auths":{"quay.io":{}}}',
    'registry: {"auth": "oauth2clientcredentials"}',
  ],
});

/** The check of a candidate: its value decodes to printable text with a colon inside. */
function isDockerAuth(candidate: string): boolean {
  const value = candidate.slice(candidate.indexOf(':') + 1);
  const [user, password] = splitOnce(Buffer.from(base64Of(value), 'base64').toString('latin1'));
  return user.length > 0 && password.length > 2 && isPrintable(user + password) && !isPlaceholder(password);
}

function base64Of(text: string): string {
  const start = text.indexOf('"') + 1;
  const end = text.lastIndexOf('"');
  return text.slice(start, end);
}

function splitOnce(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  return colon < 0 ? ['', ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20 || text.charCodeAt(i) > 0x7e) return false;
  return true;
}
