import { assignedValue } from '../checks/assigned-value.ts';
import { isKeyMaterial } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cookie-token',
  family: 'secret',
  summary: 'Cookies by the names of session, sid and the like, random by their letters, where the word cookie is near.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.8,
  // Names so common that only a cookie's header or jar makes a session of them. A longer value is found by its beginning.
  pattern:
    /\b(?:session|sess|sid|session[_-]?(?:id|token|key)|sessid|auth|auth[_-]?(?:token|session|cookie)|login[_-]?token|remember[_-]?(?:me|token)|sso[_-]?token)=[A-Za-z0-9%._+/|-]{15,70}(?:\w\b|-\B)/i,
  check: (candidate) => isKeyMaterial(assignedValue(candidate)),
  nearby: ['cookie'],
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `Cookie: session=${'q8zt3lmw'}5xr1nb7vk9q8zt3lmw5xr1nb; theme=dark`,
    `Set-Cookie: sid=${'3f786850'}e387550fdab836ed7e6dc881; HttpOnly`,
    `Cookie: lang=en; auth_token=${'aZ8kQ2rT'}9vXc4LmN7pWe`,
    `document.cookie = "session_token=${'kf83jd92'}lq07xnv5mz1wq8"`,
    `curl --cookie "sid=${'d2LkV78z'}Lx9tQw4RbN6c" https://example.com`,
  ],
  ignores: [
    'Cookie: session=active; theme=dark',
    'Cookie: session=<your session>; theme=dark',
    `Cookie: sid=${'x'.repeat(32)}`,
    'Cookie: consent=v2-0-all-accepted-2025-11-22-eu-west',
    'Cookie: session=the-name-of-the-session-of-2025',
    `run session=${'q8zt3lmw'}5xr1nb7vk9q8zt3lmw5xr1nb`,
    'the session cookie is set at sign-in',
  ],
});
