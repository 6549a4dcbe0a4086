import { detector } from '../detector.ts';

export default detector({
  name: 'onepassword-service-token',
  family: 'secret',
  summary: '1Password service account tokens: ops_ and a JSON object in base 64 of at least 250 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // developer.1password.com, "Service accounts".
  pattern: /\bops_eyJ[A-Za-z0-9+/_-]{200,1000}[A-Za-z0-9+/_-]{0,1000}={0,3}/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `OP_SERVICE_ACCOUNT_TOKEN="${'ops_eyJ'}x_73QIkrD3YohQMyADPkPhzeTvQ-eo9DfV3LT1hrVfaD1tY9MLCmM2u3fvFXvQEXGfqGG25mQ-rvcl5rXSZAAkgGD1K-wDO0iSK9wZFBiKPgSqHinObrTLsezgFqKwWckqi5NvKjjjpZv6Axgy7JkIUHbgz0gP7fvq1wffDM8O77RH_3899eApImLysBrKyWiU9piLzHrRNTCdH-0b-tRCylZ3rcwVOakRn-7QX2BIJr7c0unvU6c7631oi9jI-la1RY0HbeDPv1BWeykjv0oUdpMs7Oh69uQvGCPomv5qd_jct9WgT1D1lQeRJ6ODS4wPugp73dpZYo6rCdPwhU0-pEftnFeXvGvo6bL6DSasaTAsekcj38vXYFFav8Fq2NHy-K9Yg7WDDXgPiG"`,
    `{"token":"${'ops_eyJ'}sT7YQ_kFx7pBitohh-l3IZa1COCWlspqHfzCf40TXowqbjdi1tvOKpQl4tBognjcfx9bbJVGtds1LwnMG7ScQeHdg9Dq1ky0YmwKFhFpkGbWnSXSaIKIpa_6qb4tkTQe_okUiRWavgM659bMy0jREdw9UOmw44kO5LrEJLU28D9xMc6_58kKp5QJM7FS-N68NEB4jSkzv_4ZZSk5ngIA49BZ_uVKh6GvnyZufuJ7HakinGK9XPvBDKNUfS9rqhKSNN-kYcijdurrYR3Emc86ZrbMzPsOIIsI8MpZ76bvYssmMdOVLvubiagKZVLRLZpk-LLRZhdfwj_HrOvr_dSkSphy5Yzss9H3eZjyABhA4spKk7hBSRC-7PPWNyyIvvTSllqBoe67GYsJwSYT"}`,
    `my 1Password key is ${'ops_eyJ'}467cQ0kGXkbEun4Q24SUMF1rrXkJtbKAGqmufvYpT3-V3iTm9Gq8euvVEUqUXcsMibvffgZgIOPvAZqIdDeD2UgIi-KAH8sL7xDZj4cZXXViDEmbBTFmGwAUjBQB3xtvsGH89HNYYd8ZR4cugO9Y03aoHJq9tY4HKQwqcZE7pHpx6HYfg-cbL36Adc7yKlYbxkWdsyQ3JiqEeeXfb1rRFs-1ZaZbCwp9nHeF19n1JmVRzfXf1UoHgBwLUetL01rg4YdjssvcbjeSEAvPpjYJNjLLt1u2-anP5H1ZqZTm4S6m5ou-YT2IiufAy-zko1e-8aCDKFgnJpqBll-9MiNWKmysZE7AGuPiUaFspvYN83-YKx59kHiX-Sdi1kKGzMIANeQlc1NIZ76kUbl2, what do I do with it?`,
    `client = Client("${'ops_eyJ'}o87tQdkDpIUv6Zsy8tNTK48Ik9tVG4XnCIc9s47GbVsOU6PUUJeq3YXd5EYR8PY-WLrasjxgVBlQtl23o7gk6LD3ilI955bUnHlXwfoF5erITvZ6EgFGp9AXaPLrPQojnuYKSHA0qlux9E1u-uPBzgQ_oOWxqeFoLV90EbJiq8pG2InAE48jgFRJriaji3gpKANsGczVXvg0s8U_2eEFdx3u0g9WRxqg85Rx-3w9SB1m8t4hSQa9uchJSl9-1qgCZpQ40vJ89SOa8u-Bn8WB-cqXc8JRZvSCMEPxoRfj3YtSzvEdRTeNyvlAfHLaMeg-I2rTMpSbcEk8GSmtibq1Zh4DEMNyA00OMuUcz6r4uHZhhXE3dXHig_MF8APD0SlmQYoS3aZLDI75GSuj")`,
    `${'ops_eyJ'}0E7JQVk4syrYoWrhvZ0UZvmeaqqXEoFewh3oC-qe91xyEMzs8o7mplB7Mcm28H3m_0vbrFhX4DfOR1PrhxbZPpbXI6wCS5y4XBS2977EpQXwqwgvWYECWkja4FkhY7kNzC7-Z6ZixQojvYGgafJCfqkd-zvoqHdF3f_9ZFIm3pSufKxapXqV7EWxvuUbaZK0vUw-07NchNP9b_mxjKay9bgYfMxbFpby4lHUlUSg6yiN1MaqAQS5Ci_AxdIX_tHVF-dTO1mNE1xCf21xJoLqDsuZPrBdBQboEtyhvgHUT_FmdLOrO-FEwzPCFuBOuzX7Mp65jSHdCQIssOjMDWu5sMV54XpTJoG5xXbFu6ViMHoAeFhfSF-VIX4EN3NT0s525aYP1Mfi4AXF3y5Y`,
  ],
  ignores: [
    `${'ops_eyJ'}9r7dQekrBedBnaNQ3Kr7XcLgcRMI3tchQs1m9nfV1zqPDCKiized9C6FY-sJVsywGlFKiCo2lBuzNh9Yco_l8q4Hu7mWWIEcwBy4`,
    `a${'ops_eyJ'}WG73QNk4x17zmTb8Y7PixPXbCIRZgf_zOw9Hr7n96qUCL6hJ4gVd8VSs3N64voxjLpJu13etiBQUzcPAPvBxis3dTVDfBdOZFCJkqgdtXpwccfTt-KqPiB2aZSwc0peU0mUO2oHzseIvQ1IAXHWZI4oQuqrnxtJhPmufBFt27EtWY85ZbTcz5sHYNEDYpHLS_Bwr1JJG2HiTgnj8ryKFIlx8L6-eb45Fp1pjBIqduGEpRZAoohjopxAEWlOSOKz5dZjywNNqDXa2dryPLO9zXQkd2K14Te6B8whJihIpuuoIPadpVqFr-NsJhgMc3XDiskGd8Nai_NROsENZ2OAmHKCXIp7bs_zOisht_7-Hl14xbW9eeY88ob1wIH-pG-rL22hLJDng0RPY56A9`,
    'tokens of 1Password begin with ops_eyJ and are kept in the vault',
    'OP_SERVICE_ACCOUNT_TOKEN=<your 1Password key>',
    'OP_SERVICE_ACCOUNT_TOKEN=$(vault kv get -field=token secret/ci)',
    'ops_eyJwbGFjZWhvbGRlciI6InRva2VuIn0',
  ],
});
