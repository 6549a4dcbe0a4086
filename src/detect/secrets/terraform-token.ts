import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'terraform-token',
  family: 'secret',
  summary: 'HCP Terraform tokens: 14 characters, .atlasv1. and 60 to 70 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // developer.hashicorp.com/terraform, "API tokens".
  pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{59,70}(?:\w\b|[=-]\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export TF_TOKEN_app_terraform_io='Da7bQSkEOmk9vj.${'atlasv1'}.${'zp7N'}QUk0VaeMk-IC4RqJ5hYavVkanmXrIs5-xFUAuw-1kcoWKQc0rUxwsA-Q5bYEAlD'; make deploy`,
    `{"token":"y377QekHFUt0Ll.${'atlasv1'}.${'mx7n'}Q_kemC5oNPwKqDd30SXxOZEyEX2KSU9zYiXVgpTAGxd61j7iQ0D45FOTObcz_xm"}`,
    `my Terraform key is OH7bQlkm6fM5cT.${'atlasv1'}.${'Xk7U'}Q-k7Qp0MiFYnBrPAs_PeJAXa4pWF79NP9Wdyfeqo5sMAI7CTxHxuiGAkxCqRqre, what do I do with it?`,
    `client = Client("mA7mQnkn7aLmQC.${'atlasv1'}.${'ww7w'}Q2ktmz-qXItC1i2-35KYnf33VAcPBp1hHwN54XxVcwETnaYD3nvL1alvCdjMazo")`,
    `pw7KQXktEeu878.${'atlasv1'}.${'Z17M'}QekR2Umkh7u0dW48MXyUHGQMTvCTUU-kt-V2NZouuU6VTDtikes19_Nmn6YHIb8`,
  ],
  ignores: [
    `${'atlasv1'}2e7rQNkI7uJI5SkEPy_C`,
    `xxxxxxxxxxxxxx.${'atlasv1'}.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a0k7aQtkpyz1hVm.${'atlasv1'}.${'rK7h'}Qfky0nZcZCyMgq9GUMAQC1nI69iiFq8QElcfJZxbtcTb9zX7uHien3QvqxCFv5Q`,
    'tokens of Terraform begin with atlasv1 and are kept in the vault',
    'TF_TOKEN_app_terraform_io=<your Terraform key>',
  ],
});
