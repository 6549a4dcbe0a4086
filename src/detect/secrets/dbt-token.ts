import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'dbt-token',
  family: 'secret',
  summary: 'dbt Cloud user and service tokens: prefix dbtu_ or dbtc_ and 40 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  // docs.getdbt.com/docs/dbt-cloud-apis.
  pattern: /\bdbt[uc]_[A-Za-z0-9_-]{39}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `DBT_TOKEN=${'dbtu_'}7vQTObVWwWEiUYkytJ4B_wHtC8ZJ7MsXmlPor6fh`,
    `{"token":"${'dbtu_'}WTfWkJD8NWGLL66tfT9wTiNccZEtj-Fj-ry25AFJ"}`,
    `my dbt key is ${'dbtu_'}vWNabSQ6rwaafH5t79Ov363PVTUmDSeJEd-TWOTR, what do I do with it?`,
    `client = Client('${'dbtu_'}preBHnjdWVw3WCWEE4SaN1l-7dKgkU0s-rsnRXfj')`,
  ],
  ignores: [
    `${'dbtu_'}lAK8kvk7gZCAO`,
    `${'dbtu_'}0000000000000000000000000000000000000000`,
    `q${'dbtc_'}E37dm_KMNfwG33w91GSDxO2F009KXI_uGXyL1npg`,
    'a key of dbt begins with dbtu_ and is kept in the vault',
    'DBT_TOKEN=<your dbt key>',
  ],
});
