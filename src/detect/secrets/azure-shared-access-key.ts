import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'azure-shared-access-key',
  family: 'secret',
  summary: 'Azure Service Bus, Event Hubs and IoT Hub keys in connection strings: SharedAccessKey= and 44 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // learn.microsoft.com/azure/service-bus-messaging, "Shared access signature": 32 bytes.
  pattern: /\bSharedAccessKey=[A-Za-z0-9+/]{43}=/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;${'SharedAccessKey='}sI7CQfkTKVPLzzBGCujCm6hz4UNsnb5JFlzvIcbjmNB=`,
    `HostName=shop.azure-devices.net;DeviceId=d1;${'SharedAccessKey='}Cj7fQ0k86VTD/g4fnFO7GwOmpW4tVoeZdoK4AFdwGpw=`,
    `"${'SharedAccessKey='}ji7MQrkJ+R721dcGgLS3T+Eq8sNcRMCysssWWlyvp7m=;EntityPath=orders"`,
    `hub=${'SharedAccessKey='}2U7MQlk7m7Vx102tbkRDRTGM9FYCmO6VGEVY9QOaHMw=`,
  ],
  ignores: [
    `${'SharedAccessKey='}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=`,
    'SharedAccessKeyName=RootManageSharedAccessKey;',
    `${'SharedAccessKey='}LQ7VQqkPqd+e3WadxiCS=`,
    'SharedAccessKey=<key>',
    'SharedAccessKey=$(ServiceBusKey);',
  ],
});
