import { assignedValue } from '../checks/assigned-value.ts';
import { isKeyMaterial } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'session-cookie',
  family: 'secret',
  summary: 'Session cookies by the names that web frameworks give them; whoever has one is signed in. Placeholders pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  // A longer value is found by its beginning: what is left of it is of no use.
  pattern:
    /\b(?:JSESSIONID|PHPSESSID|ASPSESSIONID[A-Z]{8}|ASP\.NET_SessionId|AspNetCore\.(?:Session|Cookies|Identity\.Application)|connect\.sid|sessionid|_session_id|(?:_gitlab|laravel|_rails|_[a-z]{3,12}_app)_session|wordpress_logged_in_[0-9a-f]{32}|(?:next-auth|authjs)\.session-token|KEYCLOAK_(?:SESSION|IDENTITY)|li_at|user_session)["']?\s?[=:]\s?["']?[A-Za-z0-9%._+/|-]{16,60}(?:\w\b|-\B)/,
  check: (candidate) => isKeyMaterial(assignedValue(candidate)),
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `Cookie: sessionid=${'q8zt3l'}mw5xr1nb7vk9q8zt3lmw5xr1nb; lang=de`,
    `Set-Cookie: JSESSIONID=${'3F7868'}50E387550FDAB836ED7E6DC881; Path=/`,
    `Cookie: ${'_gitlab_session'}=3f786850e387550fdab836ed7e6dc881`,
    `cookies = {"PHPSESSID": "x", "connect.sid": "${'s%3Aq8Zt3'}LmW5xR1nB7vK9"}`,
    `curl -b "laravel_session=${'eyJpdiI6'}Ik9aQ2xKb0Q3Zm5Hd1h1" https://example.com`,
  ],
  ignores: [
    'Cookie: sessionid=<your session>',
    'JSESSIONID=xxxxxxxxxxxxxxxxxxxxxxxx',
    'the cookie JSESSIONID is set at sign-in',
    'PHPSESSID=$SESSION_ID_OF_USER',
    'connect.sid: the-name-of-the-cookie',
    'sessionid=1234',
  ],
});
