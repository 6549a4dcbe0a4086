import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'azure-devops-legacy-token',
  family: 'secret',
  summary: 'Azure DevOps personal access tokens from before 2024, by a name: 52 characters in base 32.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // learn.microsoft.com/azure/devops, "Use personal access tokens".
  pattern: assignment('(?:azure[_ .-]?devops|\\bado|vsts|tfs|\\bvss|system_access)[\\w .-]{0,12}(?:pat|token)', '\\b[a-z2-7]{52}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `AZURE_DEVOPS_EXT_PAT=${'awxf'}2cbakn52w56eglple557ahi7u5rcyzewoj4vxg2fewdtq7jv`,
    `{"azureDevopsToken": "${'q6xm'}jrf2i73y5pgoquspguy6hy5zrd5pfsliskcdyohfgxuuxzco"}`,
    `export AZURE_DEVOPS_EXT_PAT='${'hli7'}pxodvr2b2voj6lybwt64wuzzpzmbbcfmyo5fpev66773e4oe'; make deploy`,
    `azure_devops_ext_pat: ${'2tgv'}z3ytoqdi7lrbjljmts2histqqdlhtle475edtrr7kicj4hrx\nregion: eu`,
  ],
  ignores: [
    'AZURE_DEVOPS_EXT_PAT=process.env.AZURE_DEVOPS_EXT_PAT',
    'AZURE_DEVOPS_EXT_PAT=<your Azure DevOps key>',
    `checksum=${'ke5j'}hcqcbv7nzfrywojdujqmpespm4rcm5bud6hc5f7qo4dkumwv`,
    'AZURE_DEVOPS_EXT_PAT=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Azure DevOps answered in 120 ms, request ${'e2ex'}ivjiuabvuttsk42hbnpt6p54pa3redm5z53voyifvjnay2aq`,
    `azureDevopsToken=${'safq'}c7klja3ce2kz5s2rtasad7h345spyxrl3j6b4jptrrbit`,
  ],
});
