import { detector } from '../detector.ts';

export default detector({
  name: 'influxdb-token',
  family: 'secret',
  summary: 'InfluxDB tokens: 86 characters of base64 and two equals signs behind a name of the product or the scheme Token.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /(?:INFLUX[A-Z0-9_]{0,16}TOKEN|influx[\w.-]{0,16}[tT]oken|Authorization: Token)["']?\s{0,3}[:=]?\s{0,3}["']?[A-Za-z0-9_-]{86}==/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `${'INFLUX_TOKEN='}5KOeNz_muKm8rrd0grg36hVkCJM33134UK_uVPRTF84KltDUWM7vcSpVhLXrxKIf9HvJGwakT-XkBCq-kc7GaC==`,
    `client ${'influxdbToken: "'}PqNnONOgPNqxIIAqke_0ftIGPsnAG4594-ZjrWpPTMTN6dCSjTWgUMjcS1ZHbvRhi8EtatrJOrGz2movHKH62G==" end`,
    `curl -H '${'Authorization: Token '}5mP9UelKVoacW7Ll6foj5QKTsO7vrihc29fwf83vsIrnRHFnleqnirUGEsB9_nz03vJW_I_VG_fkmi60RSNyBk=='`,
    `${'influx-token="'}EC61f0VPB3TWtrBI788-7D_ZziupNShLqCZeJeLw3DPE4X97tcQTLVmG6Bus_4De0NrDtFaDoHTVsqq4vhdLHs=="`,
  ],
  ignores: [
    'INFLUX_TOKEN=<your token>',
    'Authorization: Token 3f786850e387550fdab836ed7e6dc881de23001b',
    'influxdb answers on port 8086',
    'INFLUXDB_TOKEN=process.env.INFLUXDB_TOKEN',
    'influxdb_token: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
