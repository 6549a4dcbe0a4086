import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'zhipu-key',
  family: 'secret',
  summary: 'Zhipu (Z.ai, BigModel) API keys, by the name of the service: 32 hexadecimal digits and 16 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.bigmodel.cn: id and secret joined by a dot.
  pattern: assignment('(?:zhipu|bigmodel|\\bglm|\\bzai)[\\w .-]{0,8}(?:key|token|secret)', '\\b[a-f0-9]{32}\\.[A-Za-z0-9]{16}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ZHIPUAI_API_KEY=${'d336'}249dd787d313bf25e3de000f7262.c47EQVkdafwwQzlX`,
    `{"zhipuaiApiKey": "${'8984'}5b9a310d49b27041dd2c8f3d8223.7z7xQFkIld0RjGM6"}`,
    `export ZHIPUAI_API_KEY='${'922c'}ae6745352b19d5c09f4933b3d0ef.lr7vQlkg58FLMxyM'; make deploy`,
    `zhipuai_api_key: ${'ffd2'}9c2f8e0ca4d8f88b357355687758.Fv7WQPkOaOAvE3jf\nregion: eu`,
  ],
  ignores: [
    'ZHIPUAI_API_KEY=process.env.ZHIPUAI_API_KEY',
    'ZHIPUAI_API_KEY=<your Zhipu key>',
    `checksum=${'902d'}bc9119bca87edd9db4796fbbb972.mr7QQgkiF9wphiat`,
    'ZHIPUAI_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Zhipu answered in 120 ms, request ${'b7a4'}8b0043e28be1031137f1364efe9d.xx79QrkADpUMZYwK`,
    `zhipuaiApiKey=${'a27f'}4282d4844bc8c2605d062b8e0.5i7fQQkEKcfpk`,
  ],
});
