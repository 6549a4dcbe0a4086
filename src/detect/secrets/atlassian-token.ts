import { detector } from '../detector.ts';

export default detector({
  name: 'atlassian-token',
  family: 'secret',
  summary: 'Atlassian API tokens for Jira and Confluence: ATATT3 and a checksum at the end.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // support.atlassian.com, "API tokens"; the end is = and a checksum of eight hexadecimal digits.
  pattern: /\bAT(?:AT|ST|OA)T3[A-Za-z0-9_-]{120,220}=[A-F0-9]{8}\b/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ATLASSIAN_API_TOKEN=${'ATATT3xFfG'}zh7gQPkxtz9FpHTJIeGK10lVFS5XNC5wLLKtyNE3VBWMBiC1e3VG5VGugmfIjv3P5nqUGqSbHcuMfFRvdyk3b_N8-Pa62b_qXN5PVYdPyU01JR40Nl7faoFzmoclqgIhjQ4MckH2wEJ-2e4XUPxCRy-OMzS2MAuXHgfbWRCZjs6Ih=9576FEAB`,
    `token: ${'ATATT3xFfG'}WL7xQPkLv8uR1DewwbjzEhn9l47ff0I8-BgMZrkk5wJ85p1QXoyI1wIicwGkZ2_0zGVqrL8pZAwYuGM-50CIYpXbHjz7SmYOmbTPVUXVoftnvKX1cxEne-pj-k0Q_xgcOwMS-_R_nZpyjdgqaMeNb9lS7XyQhRyAhHYwowBItEbYu=D7579729\nregion: eu`,
    `my Atlassian key is ${'ATATT3xFfG'}P075Q6krpNVt8GS8hVhGKv_hLZaZEmJMgtXfHwT9Hlcn2gpbU7z-oxYddTrZ713BsCCyaxNCOzHeAOt503Sfez-0LJf3fgiDGYRu8JUuj2co_whh3UyLTgNv7n30cvHyycRAVnd8nsCspOYDiBTz7_YZDAH1zJRrJbBU4TcW2R0F3=35A77A16, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'ATATT3xFfG'}iL7AQvkvo9p1QadUI_ccyIKSVKLJGY_KegHwtYPo2BHzl7earIoglC1arDq9oFsEZHELhJjFF8owF5y1n0LZX8JpcvJ8EJQfcekN-Jgm7kQZvjxdfFiumum5JgmxnBP7dpqqbzn35LHQSiyNZtBk0qLSfvQTGyEmaiJ6HDSe8NmK6=FA205963" https://api.example.org/v1`,
    `${'ATATT3xFfG'}Hn7MQCk2w6a08LGmmgRbsVbzZ7qr4nStEVtKk18EqsxzBLJV2fX94lCVvy7eCIivjjusbMpGyCHO4ivlH3CdDZ2ACwE4S6kP7Os9-5Uz46pVKyiVLxEE2Ocea1zzx7a5ksnQv1xN5KqcwTrRiO6MYiqPYkwyid8TEF_TpQhx71rc5=B598D557`,
  ],
  ignores: [
    `${'ATATT3xFfG'}Ik76Q6kbpS0dXeSeWMRkm9iYLxamue6yJem1sPYNcRRgEiTIhbpTJ18ZvOrZsppNowkMmaPThzxwxcZEe7WxE6R9CWtC18IniyQRycYyks-RsZbTgu7EuC_uLTVRpKI_2rxfn_qj1YYe-k8beOGZDEV0mIugDNPe6FG1giXsiI6M5Qfrx`,
    `a${'ATATT3xFfG'}Fh7KQAkE8pgAJJZIFlSV4K9mQKxU8h5BjE-IweyP1nKKHF9_pLHJgZU04Vj6YecHhxuhhYeOsCYdCXSmpRXLyjDkz3ZYKbjs6pJV1UkxV8HdPxNG1SwT9yOmgFVenfh5IFk7jARHYMqVO5GTOpVsF0udhLIvZScXKoaoolog6wVkT=862EC9B9`,
    'tokens of Atlassian begin with ATATT3xFfG and are kept in the vault',
    'ATLASSIAN_API_TOKEN=<your Atlassian key>',
    'ATLASSIAN_API_TOKEN=$(vault kv get -field=token secret/ci)',
  ],
});
