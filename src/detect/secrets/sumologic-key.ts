import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sumologic-key',
  family: 'secret',
  summary: 'Sumo Logic access ids and keys, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    'sumo(?:[ ._-]?logic)?[ ._-]?access[ ._-]?(?:key|id|token)|sumo[ ._-]?logic[\\w .-]{0,8}(?:key|id|token)',
    '\\b(?:su[A-Za-z0-9]{12}|[A-Za-z0-9]{64})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `SUMO_ACCESS_KEY=${'r7Qav5'}p8jWH7LiG6jACRdyoyCeoPuOm5bFwasFDxcnCVQ8fk4aGRF6e1WMKaKA0U`,
    `{"sumologic.accessKey": "${'r7Qotk'}UQonYVpYjoB9dNvSmcpA29NnSXcf6Am3rISnBojaX17sAEgGr3a7gvy9Ol"}`,
    `Sumo Logic access key is ${'r7QUbz'}8Gy7w3lbbszqyxVRj9l4ozuvFd8GvKcJkH7IWnzllQtU5raIgGS7y2bI6q`,
    `SUMO_ACCESS_KEY = '${'r7QkCC'}gwO8oyCa3OdOj7ay6kSQs0khBjM5Ex6ZIf4gbcnPGHgOTkfELXbR5rehlW'`,
  ],
  ignores: [
    'SUMO_ACCESS_KEY=process.env.SUMO_ACCESS_KEY',
    'SUMO_ACCESS_KEY=<your Sumo Logic key>',
    `checksum=${'r7Ql4i'}kYesz6sX6VDXo6w4VFyWFyaFeQrnlsAOiT0sFplnUX0isR9Z4IsKGqMJpP`,
    `SUMO_ACCESS_KEY=${'x'.repeat(64)}`,
    `Sumo Logic answered in 120 ms, request ${'r7Ql4i'}kYesz6sX6VDXo6w4VFyWFyaFeQrnlsAOiT0sFplnUX0isR9Z4IsKGqMJpP`,
    'sumologic.accessKey=r7QaGRNk00YZJXC6a17dNgt1caetlGv',
    'sumOfParts = suQ7wE2rT5yU8i',
    'SUMO_ACCESS_KEY=`cat /run/secret`',
  ],
});
