import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'azure-storage-key',
  family: 'secret',
  summary: 'Azure storage and Cosmos DB account keys in connection strings: AccountKey= and 88 characters in base 64.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // learn.microsoft.com/azure/storage, "Configure connection strings": 64 bytes.
  pattern: /\bAccountKey=[A-Za-z0-9+/]{86}==/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `DefaultEndpointsProtocol=https;AccountName=shop;${'AccountKey='}Qh7ZQRk8ddYv49VF4ULOvXQxj2IavV7trS8HCTlxak42rd31GSleyLBh2snL/mXKYrtwxmihFUiqBpNG6EjXpK==;EndpointSuffix=core.windows.net`,
    `AccountEndpoint=https://shop.documents.azure.com:443/;${'AccountKey='}k87EQqkpj4wfNUP6ep6mPhB4o0qiLIcGFmDOiwLVpQO56fQeVXszYN4KQhpuwExSPzYNSIFRv7CFJH4sF6rkzP==;`,
    `"AzureWebJobsStorage": "AccountName=x;${'AccountKey='}gu75QqkoV5ezJMsj66QaF3fKzqXIlQQLPM936qoXrBgUZu44pjDgJeMgbSs84rIL4YT/eKbiWkoPcMwHaQFS62=="`,
    `STORAGE=${'AccountKey='}ki7VQcki9NLkJVehUjWuB+Migs+vHuWudtZ6f7Q3+x+idnayS+MgbKz/m/O5DePszLvVSGH51upzwEfMYcjpJK==`,
  ],
  ignores: [
    `${'AccountKey='}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx==`,
    `${'AccountKey='}4n7eQukoZPT3KgOlKlywucwqetF8hXHMI0Sp15D3==`,
    'AccountName=shop;AccountKey=<your key>;',
    'AccountKey=$(StorageKey)',
    `MyAccountKey=${''}3P7DQAkDySJNpGJlHP+UC0EYZzdnegP7ECy07yqElDOf6t9ZTbzuF7NcNHoCEwXCeNmDUKtDjLaiSbf8DcyGVK==`,
    `image/png;base64,${'Mr70'}QdkmbqgvP5wusjgHO3q5YxEcqwPue7gyWJgCDpcyXtrMRj3mfjNNkRfzBCyGrg1v36bhkPjJI4QXdXsJMF==`,
  ],
});
