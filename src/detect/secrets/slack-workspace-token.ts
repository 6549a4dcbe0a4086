import { detector } from '../detector.ts';

export default detector({
  name: 'slack-workspace-token',
  family: 'secret',
  summary: 'Slack workspace, app configuration and refresh tokens of the newer forms (xoxa-2, xoxr, xoxe-1, xoxe.xoxp-1).',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern:
    /\b(?:xoxe\.xox[bp]-\d-[A-Za-z0-9]{100,240}|xoxe-\d-[A-Za-z0-9]{100,240}|xox[ar]-(?:\d-)?[A-Za-z0-9]{8,12}(?:-[A-Za-z0-9]{8,64}){1,4}|xox[ar]-\d-[A-Za-z0-9]{24,64})/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `slack_workspace_token: '${'xoxe.xoxp-1-'}r7QAFQ5fmzQ41sd8E8c57U44W4crEgrt84MB7txqg8q5JC5qU7uQhgltmTznsQzamohKL8KXIjHheDBilYgpNi9qwv4kSh78920HYtalT84hf11L39b6CbT0wbncnF9IlSay52pimww5ztezh9r0LvlR3ACaswvsPl7'`,
    `Authorization: Bearer ${'xoxe-1-'}r7QjB9xofIoLpfRaWzSEkXSGXXOjufifiYLl6jFcMHWzPkwMyeOe7iIpcbHgBEJwnU3rRv8CeQtEGfI8pox3siomJzMreAjvueYUsg7cPqYDkIv0YNl3LoXM3e9NmGsImRvfENohnID6Gxxqup6`,
    `curl -H "X-Token: ${'xoxa-2-'}659308674025-836408741171-797282644200-efd453b9cf677ebcd9f3fd96796c7dfe" https://api.example.com/v1`,
    `| SLACK_WORKSPACE_TOKEN | ${'xoxr-'}647311337799-231517092310-737716253482-b4ce76991afc4796dda0e11946e2ee2a |`,
  ],
  ignores: [
    `${'xoxe.xoxp-1-'}r7Qluiqf98fAslq7jxDsYjtmnHW8K8WZUaMdapl`,
    `x${'xoxe.xoxp-1-'}r7Qluiqf98fAslq7jxDsYjtmnHW8K8WZUaMdaplAuEt8V2BMMCcQgUdqfaaY3fR90pq5Kxr1GcQwKI548TdUQw5U5IR92G4ylcIHgVmyDHpzgUxKQ3jBJSLoZPfbp1pH4GUeU5mM1pVL2Zlthr0OJyvto402RqtE8KR`,
    'xoxe.xoxp-1- is how such a token begins',
    'xoxe-1-short',
    'xoxe.xoxp-1-PutTheConfigurationTokenHere',
    'xoxa-my-app',
  ],
});
