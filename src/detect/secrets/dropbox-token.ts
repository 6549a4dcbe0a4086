import { detector } from '../detector.ts';

export default detector({
  name: 'dropbox-token',
  family: 'secret',
  summary: 'Dropbox short-lived access tokens: sl. and at least 130 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\bsl\.(?:u\.)?[A-Za-z0-9_-]{120}[A-Za-z0-9_-]{0,1000}[A-Za-z0-9_-]{0,400}/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `{"token":"${'sl.'}JX4xKRd0VZDMPojCel86XBqNzMAhHR4418SSceCd5ASB5Mg5VGfHG2waGqOtCWdpFXH16eYXTP9la1xdEmHHGxkp_SAPk0WbXVfpWhIcDJHS-vSnxRvWajr5KBxHPBDjZC4aJMfoHpP1"}`,
    `the key is ${'sl.u.'}cNqhpKJ-mq68vJjDKOVLJn2l79OXYENTL_C7Pdr1bBW2eE1Xu5dQrtijtZnAMYWQw_6yHxMUljl9iBEQEMLpkvPG66PbLEJgbmYzWgd2O9XXL6d_wI0N7JSWaB_7hpyv50-2htmv3lzclsth8322HMFH_cKgrtkNuez8LjZSf2FUZ4t1YiGyns7VO4TAqoVVafbNjnbfpbt7vSxn5Y38xU7cGF19tuHkqJ1r1QgUxaap-JuV0lBHUp3CV3nMryQR5BMvhVpm8GbN6pLqQT9L1RUyvHfCUcfDbIJNBwclh9O7, please rotate it`,
    `| DROPBOX_TOKEN | ${'sl.B'}tVaAPZka6Ac6votGGxNKMVsQ4eHMXvujbvc_5YUzYl92mqayryst27VXDknwNnOtcUWMbbopQLaxuqAYq2CHHntWJvbWDr1V_OFc0lHLPKY39YBNVcEOaX59hJ3hcuUyduqPVBM8K7_wva2BlbD1NWZhVmAoXtNCkWO1A-nkC6tpiFkNI4CUo4MysE3iDFWmWWwlO1Rb2l2S-O0AKyoKB0Y5LPN59DCbmVDgnq6eCF0VJ09tRytcat-zm4GpYVPaIzBiHmbH_PPFaGoqufdLA4EHb6ygvC8u-E8bqyNBGeNUTSn30qPYdLX3ZdUuOee4DjzY2JyhL7nsG1Kgc_LI8MWvXrJ51kGHdl0jUZ8_rN4jG3NUWRb-wBkz9qHGrVEw44AIQX6hc2YzBquixJJjAtNlbviKmQ0zCHzeYON40boQIq3gs83mMvnrpt37aPY69cFyng6ZtyzNKpF-bQNQf86ehS9IVdPgXSruhFlxI4sKS2NEZFv7kVEaMSSnovaF9DV_FkE08kTSFnHpuJ_XDyw8BMBaGCT8PCRkJ7neC6aBjim5FDHXm3Q8tzO-rtSNx7tFZk_m6iGosG4bSs08qEKhxglWgrxww_dwinnxsnnfvqAuCW-8Q4q75XNVjNH4FrzLeUa_ychgAcMz8UpCos1Ulcfr5ZVU5-Z0_z867JES_qKkUHILPiAYIcVWMEPvKahb6UWVzFmd54YaKbnOadxeCztPrSqhmfwJpKlqtCSRneVDDjsO7m7N-CQybeYqxLXhWOpXlcBVr2ES065JP7mPbOuc6RkI3YWVtWdc2k6o9oMJ5PfuvP_85EUwCURHDZu4ZkRPH65cYsIoFLVmgaOr2xT-hhA62YFMfL1dI4EexB5sXoQMPZyxMKWZ5_VXg1o6DjQQ4zn45EHrJpj1vQalrSSMRfks2j6QCOWdKOQsdgHlKCqlO4geKLa6IE6khhKLQvp6HqjSLwZwi0xy1NWhMopToNuRu8GUdemukDBGuAlX9IuIEPLVa1_X7V3KJPY2pO200eozImNuvG3EiEGgWrE1linn1HOxkPnT7bzO1bK7TQRdSIVS7EqLerV7y3h74Sm3J2vTp5bUzgPmhr6Cm-3WYairvNRKXVR9-vW0UfJZpTl7yd02dXpZ44SUgWcz7ebWzuNyLlVJjOlsPQvCLmZ-ecqHumSXj3yulAnIJu2t |`,
    `Authorization: Bearer ${'sl.'}Bu2GpR3g_9w_SW2HcyRgLzEAWeAMPRg15vhIQODiLt8p0tYgy-hkLxKJ48mWaMfVpRUkctYW5efMpJNfMi1C4M2WG4ElLKLO9XbWEMfQBWBbLLUQSo7_17C6g_yvxSMkv9cH4qoXOT3y`,
  ],
  ignores: [
    `${'sl.'}_SPMPxS96UU5BU1pYOfPWKLbzQL54A1YHj`,
    `x${'sl.'}_SPMPxS96UU5BU1pYOfPWKLbzQL54A1YHjYWkEgZEOjhOp1yJ1WCDL_Czwk-kxkof4wZIzS-Xo8606V_ZAdQmiFk-OFH6elhhq90Yp7TS0iFJVt5e9VUhzJaC96eQcMPKvSUkZRknQ9u`,
    'sl. is how such a token begins',
    'DROPBOX_TOKEN=process.env.DROPBOX_TOKEN',
    'dropbox_token: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
