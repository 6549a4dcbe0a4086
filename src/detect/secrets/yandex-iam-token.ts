import { detector } from '../detector.ts';

export default detector({
  name: 'yandex-iam-token',
  family: 'secret',
  summary: 'Yandex Cloud IAM tokens: t1. with a payload and a signature of 86 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // yandex.cloud/docs/iam, "IAM token".
  pattern: /\bt1\.[A-Za-z0-9_-]{20,1000}={0,2}\.[A-Za-z0-9_-]{86}={0,2}/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `YC_TOKEN="${'t1.'}7C7CQikr1uQTEp2WtKpIrbAY41Cyke-parAKPefMxDS3WGxKBn0dpLmRGO4HsDAfWvMW1RknLbzojA_BowK7Qm8ijEKjYWy56dj5pIH60MqZYbzNYwUFnbdO.${'P67_'}QJkEGKOnDLBIjD-O6fFc3BU92MUKC5rKHRr-5JUMUAGwiwxgXnKzWK2so-mZITtgDCsvchc8nj9FvwTcK4"`,
    `token: ${'t1.'}ZF7PQHkBXPNkySn3K_bgakTAluNSUPngxxyh_KXJqfp_bXg3cqGXtfk7iCyNTE40Hjv-qhzQIwZAYzoRbpWwM8-OpUc6KgQ7AS9Fe8J8OPxmYy-apLEmxZVk.${'Ty71'}QVkg1Z1D8kD8IUMVry4lkQsn0nR9mTdPsQCNjM2mXZN1Q5I8ujZSAlSWMP2Lxj6Xb4b_houqGdojULNgk5\nregion: eu`,
    `my Yandex Cloud key is ${'t1.'}5873QTk5zAIOfLd__Zz6KVyuKqrU4Hi1LSg0qRD0mzsUGlTXN_ppbUayGvC5KnSZUUE6M-KTDdE0I9auE41fk5ht77EiWacsbFpWhsWR0meP5QoA_-eXswtZ.${'0z7n'}QTklOyV0qU-jfhoNxqPpUxdtGVDYjZ2GCCcW_OCz9utXRcFTgiEN55i7VVfJonWkUphRCTp6aS8UTjlo-p, what do I do with it?`,
    `client = Client("${'t1.'}H07gQVkom3Gh53uL59E_TSv9Hn6xhqKwAN0OrsRPMtSxSljqiD7VBQJRVoHCC6WBiXNq0fHkdYp1h7BzUH2NyiTha-iiXaWfDVjR6q_pQZPMk60tW-xK5TUj.${'mX7e'}Qbkv-natKXDar_4ZsdasD8nuqQRyNTGjmG9KtqwyLuB3TEH5Ztwr5MIcuJ4Wv7phYzgAwIr4oZgi0fuqmt")`,
    `(${'t1.'}8k79QckG-g06lWiBz6twpA6CSjuK44sC7cXOrD1nw7zNHd4ujScu7Agi-6sEKaFfb0BIBmPF6fjlRBCh03ymMlenONRlQlNYVaJNB4ziHTQv1UiwhVBEBq-N.${'017W'}Qakng4dD3fIKj76vTI6Me77G1q3ENO5_QAkgOLP98RT1Fj1eUID3cOy9ojmOhRTkU1JgwRB52hQ1UN38VN)`,
  ],
  ignores: [
    `${'t1.'}YT7RQSkaQTniKAgYTnJ4XmbV6VTKtsnHxsXRMMA8XsvDnhhRRbjpNz9-GwNB6ofCkqql9LI-vxlIXTkVUMsLD7t8Y6ndPPpFMeUsKllmdPZg5kz_CnYn7eEJsINv_J3lmD9c_E1uAAO4ukGbWiuhAFlfIaRB3DEMf529RrTVrJwtTaeEHMo77cV_nsjt8Yjh3ms4gjI`,
    `a${'t1.'}797xQOk0XkCyH1pGaphulUXroWsNR-zcXOxsPdowkA70H346kBlDfZyY5tvbhKPM801d-TptbBzpTGfXwOJPtfael50dNwr5KObRFrXiFvVvbp0OO4pJwGsJ.${'DX7m'}QwkjZxT6LwSebKp9Ln4cX68Eo726hHHzeHUHTrH8KnhRsTsZHSndSuw2VQ3-PAZJWE_qc3efgGmK-cW4HR`,
    'tokens of Yandex Cloud begin with t1. and are kept in the vault',
    'YC_TOKEN=<your Yandex Cloud key>',
    'YC_TOKEN=$(vault kv get -field=token secret/ci)',
  ],
});
