import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cloudinary-url',
  family: 'secret',
  summary: 'Cloudinary URLs with key and secret.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bcloudinary:\/\/\d{12,18}:[A-Za-z0-9_-]{20,32}@[a-z0-9-]{2,40}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `CLOUDINARY_URL=${'cloudinary://'}507859118990359:kTKkM_Mf1Geb92b-eM89GQVrPyP@demo-cloud`,
    `"${'cloudinary://'}668456970986983:FL80Li8f9GTcNSs3to8s9Z5loKT@demo-cloud"`,
    `use ${'cloudinary://'}600778769304962:JjMwwImT0IaecShhhGVoxTJ_yJu@demo-cloud in production`,
    `url: ${'cloudinary://'}118226952123602:xDGGVsqBU-hlVvAbJkAkKUll_Ut@demo-cloud`,
  ],
  ignores: [
    'cloudinary://<api_key>:<api_secret>@<cloud_name>',
    'CLOUDINARY_URL=cloudinary://key:secret@cloud',
    'https://res.cloudinary.com/demo/image/upload/v1312461204/a.jpg',
    'CLOUDINARY_URL=process.env.CLOUDINARY_URL',
    'cloudinary_url: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
