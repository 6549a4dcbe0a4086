import { detector } from '../detector.ts';

export default detector({
  name: 'bitbucket-access-token',
  family: 'secret',
  summary: 'Bitbucket repository, project and workspace access tokens: ATCTT3xFfG and a checksum at the end.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // support.atlassian.com, "Access tokens"; the end is = and a checksum of eight hexadecimal digits.
  pattern: /\bATCTT3xFfG[A-Za-z0-9_-]{80,220}=[A-F0-9]{8}\b/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export BITBUCKET_ACCESS_TOKEN='${'ATCTT3xFfG'}2R7lQFk0zZWDLRgqZDpz2ABGv6jTXQvHTrRc0cUCdozFk1t0AYzGHoHrSM7Gyx25IzQUDwA6SsoDtZzK-0NlHU-0-Umw_GM2riR2EuEIuUBARxctmN3MG8eunJ-athVlzy9qtrSqTjfNBEGKNV4HK2Jg3ie8Xou8aGuhfYTsOXx8C=0CC6DF11'; make deploy`,
    `token: ${'ATCTT3xFfG'}ES75QVklt3vWX0Uguk1bSY6O5SqsLOgmZaI6DSN3V6OfH5Np8LK9mZdJxr130FXJboUyZUsDf-0-A5s9BRoZhWQH7e3zOuVF1LijJCRMYi7o7bUEDo5uBiDmoStrSNLlbKXXRXC7iLjTlkKoMq12HSu3tlCG_xQqFon2PouC3A2pc=D07B954C\nregion: eu`,
    `my Bitbucket key is ${'ATCTT3xFfG'}UY7wQvk3xnWIjlweFRiaxAvDThMFNKv2qxdXWP9TOzBt3RkopcW-xV1q9J1sKKuj01hXPMVttghpabSryDZYIbTjfNiVebfuL8TBnMRaeDG1am7cFANSW48pObnbB1f2K9lEl7fvjohWzBzaeXv1bt0se08mI3Qybdt5ii2FmLtCz=80E02844, what do I do with it?`,
    `client = Client("${'ATCTT3xFfG'}C577QtkWJV0-iKfQPaJu73TzRtceqaWjQKEhxr3u39lqgIxJ258bqPohDiLF2TguevjINItbkyBgC91WRR4jb06DIdf93VEC7yxXJyi6Aam_-tB5EjG-94-eT0RsuoPTmEK0pJzBzxD1loC5fFROm1VVt7H-_2iubVWGChegY6uzw=B439F0D2")`,
    `(${'ATCTT3xFfG'}sM7bQikRHdeboH-Ra-7-SAxGcttFK31NkY72NLlfkeZCCNv0QF-ow2ujojg1mMlsEkuw9P8rW5pprCC9Vy6DtTTnwzgV_bpvWOWB0PvYdgXfNuvAQW0I8iBDMzgvF2nUtj0Ey_hv9lJ--pS7hnzzL6eztHS7jaON05it93PrC3wDy=7AFFD302)`,
  ],
  ignores: [
    `${'ATCTT3xFfG'}gJ7EQOk5q9WNlj2HQTpUV8D34yxFOa9GJ_Be9kMfAdqoMNxxBwJpIqI5TJz-Jz8Nw9hmUV7CNvGADihQHT5qcYY9iGhP7t9yJgqRU0-X6lD5UHtxFpU2pffvavStU4yscNY4XoT9mJNbGb1YqdqiDOkUec10wGRQPNtK2AVqAzNRgmZ5w`,
    `a${'ATCTT3xFfG'}Gq7QQTkXIk3U7AqwzLt1QuC0ESxiwJWrzQCfocrkoAPFmQ_fGnA1W9EPC40_NaW47kXPMb-6Ewhd3urlJ-ErYhJiDm2UYTCDOrWlJsvCzGrBq91I6wO0_yfSAW5K6C9D9sBElhma8jIT-gudyYq7kmzL_3cx9n2oVh3HvW-sTsrqH=E1AB2D85`,
    'tokens of Bitbucket begin with ATCTT3xFfG and are kept in the vault',
    'BITBUCKET_ACCESS_TOKEN=<your Bitbucket key>',
    'BITBUCKET_ACCESS_TOKEN=$(vault kv get -field=token secret/ci)',
  ],
});
