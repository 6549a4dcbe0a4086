import { quotedValue } from '../checks/quoted-value.ts';
import { isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'wifi-password',
  family: 'secret',
  summary: 'Passwords of wireless networks: the text of QR codes (WIFI:…), psk of wpa_supplicant; placeholders pass.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.87,
  // github.com/zxing/zxing/wiki/Barcode-Contents; WPA passphrases have 8 to 63 characters.
  pattern:
    /\bWIFI:(?:T:[A-Za-z0-9]{3,6};)?S:[ -:<-~]{1,32};(?:T:[A-Za-z0-9]{3,6};)?P:[!-:<-~]{8,63};|\b(?:wpa-)?psk\s?=?\s?["'][!#-&(-~]{8,63}["']/,
  check: (candidate) => isPassword(passwordOf(candidate)),
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `WIFI:T:WPA;S:home;P:${'tUlp3'}nfeld9;;`,
    `network={\n ssid="home"\n psk="${'Zug4'}711xx"\n}`,
    `WIFI:S:office;T:WPA;P:${'m4rzip'}an!7;H:true;;`,
    `wpa-psk "${'B1rk3n'}wald"`,
  ],
  ignores: [
    'WIFI:T:nopass;S:guest;;',
    'psk="<passphrase>"',
    'WIFI:T:WPA;S:home;P:password;;',
    'psk="$WIFI_PASSPHRASE"',
    'wpa-psk is the key management',
    `psk="${'x'.repeat(12)}"`,
  ],
});

/** What stands behind `P:` to the semicolon, or in the quotes. */
function passwordOf(candidate: string): string {
  if (candidate.endsWith(';')) return candidate.slice(candidate.indexOf(';P:') + ';P:'.length, -1);
  return quotedValue(candidate);
}
