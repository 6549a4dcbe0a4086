import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'azure-devops-token',
  family: 'secret',
  summary: 'Azure DevOps personal access tokens since 2024, by a name: 84 characters with AZDO near the end.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // learn.microsoft.com/azure/devops: the fixed signature AZDO in places 77 to 80.
  pattern: assignment('(?:azdo|\\bado|devops|vsts|ext|access)[_ .-]?(?:pat|token)', '\\b[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `AZURE_DEVOPS_EXT_PAT=${'4Y7X'}QTkYxwgVoALQHfxxecsBxTJ1jatDlJPzxzHX0RwyNR7xmXrjCH0Z9P5o12KEDAhb8gwYkqN4${'AZDO'}YDps`,
    `SYSTEM_ACCESSTOKEN: ${'cS7g'}QWkDkbS8zVBS10P1CeojIzwMP0RdSjvJ3TLL57tKIoUFVtIZdCxHiMGaZwFHNWZbvcgCe0LX${'AZDO'}JzvD`,
    `"vstsToken": "${'ua7d'}QVkSOqUcBlOR476qm2539yf5GL5IK6FN5Rb9pDZMEf5axdfjF7epgAftBy2NNjDCJS5TMebg${'AZDO'}wHZY"`,
    `my DevOps PAT is ${'Kp7R'}Q7kLbaBL57hCqFWMoZzv5DJHuBBgCgNvQnMgkkfxOewxvKPZ01OhCrvyzEextHG2KVMyDwva${'AZDO'}SwHf`,
  ],
  ignores: [
    `DEVOPS_PAT=${'Mm7U'}Q9kzWIYpchUFzYEmAH4Os6gZqOlcnhIGMBzQII90R4sjg4vNDCeR6Odg${'AZDO'}4Uq1`,
    `DEVOPS_PAT=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx${'AZDO'}xxxx`,
    `DEVOPS_PAT=${'727A'}QwkD0HrmEeEh1TCAu22mySaAqnPf5AlqXYvMSrZDZuM6fabNJhY7FZy7xJCcoh1uMXAkXCbo${'AZDX'}b5lW`,
    'AZDO is the signature',
    `DEVOPS_PAT=${'Cz7H'}QpkLWtuK1nC1L0rhSKC6uHbASNPBJiqVXqxGBwgMjMHiJaMBOqxFWweBRWHLYX7T7P03HGXo${'AZDO'}3W70QAk5t`,
    'AZURE_DEVOPS_EXT_PAT=$(token)',
  ],
});
