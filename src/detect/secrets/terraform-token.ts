import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'terraform-token',
  family: 'secret',
  summary: 'HCP Terraform tokens: the marker .atlasv1. and 60 to 70 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // developer.hashicorp.com/terraform, "API tokens". The 14 characters before the marker only name the token; a pattern that began
  // with them would have every word as a beginning.
  pattern: /\batlasv1\.[A-Za-z0-9_=-]{59,70}(?:\w\b|[=-]\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export TF_TOKEN_app_terraform_io='Da7bQSkEOmk9vj.${'atlasv1.'}zp7NQUk0VaeMk-IC4RqJ5hYavVkanmXrIs5-xFUAuw-1kcoWKQc0rUxwsA-Q5bYEAlD'; make deploy`,
    `{"token":"y377QekHFUt0Ll.${'atlasv1.'}mx7nQ_kemC5oNPwKqDd30SXxOZEyEX2KSU9zYiXVgpTAGxd61j7iQ0D45FOTObcz_xm"}`,
    `my Terraform key is OH7bQlkm6fM5cT.${'atlasv1.'}Xk7UQ-k7Qp0MiFYnBrPAs_PeJAXa4pWF79NP9Wdyfeqo5sMAI7CTxHxuiGAkxCqRqre, what do I do with it?`,
    `client = Client("mA7mQnkn7aLmQC.${'atlasv1.'}ww7wQ2ktmz-qXItC1i2-35KYnf33VAcPBp1hHwN54XxVcwETnaYD3nvL1alvCdjMazo")`,
    `pw7KQXktEeu878.${'atlasv1.'}Z17MQekR2Umkh7u0dW48MXyUHGQMTvCTUU-kt-V2NZouuU6VTDtikes19_Nmn6YHIb8`,
  ],
  ignores: [
    `${'atlasv1.'}2e7rQNkI7uJI5SkEPy_C`,
    `xxxxxxxxxxxxxx.${'atlasv1.'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `module.${'atlasv1.'}0i7YQpkluz1dRkEBzRKYwcdu1LuLbCw1PvOuKPVI`,
    'tokens of Terraform begin with atlasv1. and are kept in the vault',
    'TF_TOKEN_app_terraform_io=<your Terraform key>',
  ],
});
