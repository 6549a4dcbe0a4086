import { detector } from '../detector.ts';

export default detector({
  name: 'aiven-token',
  family: 'secret',
  summary: 'Aiven tokens: aivenv1 and at least 300 characters of base64.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\baivenv1[A-Za-z0-9+/]{100,500}={0,2}/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `{"token":"${'aivenv1'}fYXcv9/2iYNH9qTY9MqGUmHyzDDPykwGDlvJwKnjleHboL/Y9/dHbhZSDJTh/MMUhfsG0JbC3rN3nSeB+THqPa4M9AmcbvictYGv/YiD6hsEIjjIioRhe2obCPiTTeiEhata5yd2K8IPk8cPVOrd0taRXELreqStcBm4eYszdtHW6/grh1rb3zfChk3JT4ldDyM10BUwNeZdo0SY0ZRBr5s3AdzKChFRWlpshbp/3ElnPyxB5yNy8dsdrPmRhglHN8hyNNARr9sPBt2Uz6O3q9rcUnrqLmdyB0hXwergo195="}`,
    `curl -H "X-Token: ${'aivenv1'}r8bSjjFFW+QCbRop8bFLXnuY/diSEs5LSIoS77Vt8ei4KRPRq5+O2mQCbPSDeyCURPj2l31qWjAUIIYmQbdPzlawQ2Jkno8NLJrMEB3kVo5vUDKVUJ199mYfBTvu8Oli5ptgHqFUbaYfsJ0yfgjEED6YC8JdDAVitaa8FbYIoZ4od+bXnlbtul0vu64ADSsJKJ19fcZTGyiUk+3jOhK2K+2qSab/4hX/i3v0TB3uHmC95FPEEsEVdrFceSc8x0Q/kZq0ZvLAu0f3ZxzSdwiLJyyOk87v1psxBMaXltFoA1x6=" https://api.example.com/v1`,
    `AIVEN_TOKEN=${'aivenv1'}Ec4+X9QLNzHsRjAAbdICPHxwiKqw/GmhfVhbKk7fGgenlJAuLawUDp43wrkqM6uVD0+AJZJdL7X5Vi9RwD3kMcANskLT82zda8SxIuJkdCt1TUVr53KNR+nJC/m1q0JeHHo9nRcMVzfHhYKSeMSXUYoXvLg9PVCKlhWeZFgVOF3ccufAP4i7n/OF9ULc+D3LtUm4OMUAjevso8yRbm0rcGX7C3ZVmUkemI/DxFyEzNBPTMLYyTq/qnZI1uB3PPkSTbJ7oLS9qhYA1N95iisojOVUNZIfmmRBwYhZ3/xqDell=`,
    `| AIVEN_TOKEN | ${'aivenv1'}z1IFGsF3oMiuaOSFaLObin/KelejlJ1PxGYWo28muQpUCjNVGLmP0OldSLOyMk0jUmsfvEMOTT5Jpk72LF0hGsEqYSncAaTBTQYyTAjQfDODdysENFfHEM8/3xGaJ/2o6YCSmvuJg/0HP0Kab6FCGatAio1iLoWIwj5jWLviEBZxDlctg2u8lrarndghASC7tu9Ewkg3wMeJ9eKoorYoiATZ4RDa9ch1LKGGNVPpMrXW0Gx+2qKEbPbIEnaUyhxjDVLVyR+lzsnrCPdmGBU2Jvqc4ZMtGt5Pf9Mw7QJXPNfm= |`,
  ],
  ignores: [
    `${'aivenv1'}wqKnRlhRvvtIgBoM8eJ+TS/iTkyUnw9X2dgg+3xdxP0gpWYhNQ9GZi7WIMGG/ZKPeyQsQlfdL5`,
    `x${'aivenv1'}wqKnRlhRvvtIgBoM8eJ+TS/iTkyUnw9X2dgg+3xdxP0gpWYhNQ9GZi7WIMGG/ZKPeyQsQlfdL5gC+yLrkJLwcQzwOPVk5rpMv13152UYRT0qbqVNw/lrdhQzbrFbqDe+e/FUnOzVMpdYEkn8c9FieioLl2XXxuFSFwJJ8HSeODwHn0iihyic7eV98FY08Ogmy7jkMavRixjMm/nF5cOLODipzYKu+rOS/pv8Vyqanf7XtKLBAUEDzk+Apa6fqF+aq62u2QlSsfdpgAS3Ud379ughw5JsSA/VG2GJRO0cAWKm=`,
    'aivenv1 is how such a token begins',
    'AIVEN_TOKEN=process.env.AIVEN_TOKEN',
    'aiven_token: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
