import { detector } from '../detector.ts';

export default detector({
  name: 'mapbox-secret-token',
  family: 'secret',
  summary: 'Mapbox secret and temporary tokens (sk. and tk.). Public ones (pk.) pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\b(?:sk|tk)\.eyJ1[A-Za-z0-9_-]{40,400}\.[A-Za-z0-9_-]{22}\b/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `{"token":"${'sk.eyJ1'}nEHOOX2suzzfk4ks_VahYUtVC034Cj4tWzOoXakvpBIYpvdnXDBLno7DMVQOg_JHhU1Bj1.jr8M9svyJTqYDKZ0bJHwPk"}`,
    `export MAPBOX_SECRET_TOKEN="${'tk.eyJ1'}a76HQL2nM7xO7xg6X2sndPrKO_GghV30exNn6HL8C30hIMXA3t2kdPme2y8IKR0w_1mxp_VsxZ1xe_nJVv3CipMOrn.SUwww1JpKxWJ261t9OQ2Yx"`,
    `mapbox_secret_token: '${'sk.eyJ1'}4FUboCQNmB5L_nRuLqgNRFvItjcMkwaZlHkuXkg2YPgOF_VNyQsJQ71eGsG9MCuKEesrOT.0q7hifszQYXQOCd4MdjLDD'`,
    `const client = new Client("${'tk.eyJ1'}9_KB06oZDmfkfeV18vIFHQJUvdm7kfkN0ihI79sdye7-OcYPcb-EVRIy2Gnm06YBndXItjqpHfwbMr7JIaAHBluBGS.9c5UpXENA3gZ1cdH4_G60o");`,
  ],
  ignores: [
    `${'sk.eyJ1'}9cMUdqGe8EJX4RDpj_cl9x`,
    `x${'sk.eyJ1'}9cMUdqGe8EJX4RDpj_cl9xR2gHAX7yp2MMxagRnXyffZb5RPOj0bp-JC-tfQV6UIgs3kye.MaVVAGdWDED8t4OftF57OU`,
    'sk.eyJ1 is how such a token begins',
    `${'pk.'}eyJ1Ijoiam9obiIsImEiOiJjazl4NXY4d3owMDFyM2ZwZ2x4N2J5cWF2In0.Q7wE2rT5yU8iO1pA4sD6fG`,
    'MAPBOX_SECRET_TOKEN=process.env.MAPBOX_SECRET_TOKEN',
    'mapbox_secret_token: <your token>',
  ],
});
