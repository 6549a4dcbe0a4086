import type { ToolClass } from './tool-class.ts';

/** Words of a tool's name that say that it only looks: what it looks at says the rest. */
export const READS: ReadonlySet<string> = new Set(
  words(`get list search read find query show fetch view check lookup describe retrieve load open browse scan count download
    summarize summarise analyze analyse inspect monitor track watch recall receive received`),
);

/** Words of a tool that makes or changes something: it brings nothing into the conversation. */
export const WRITES: ReadonlySet<string> = new Set(
  words('create update add set put insert write move place make edit change save append rename assign'),
);

/** Words that say by themselves what a tool does, unless another word says that it only looks. */
export const SINGLE_WORDS: ReadonlyMap<string, readonly ToolClass[]> = table([
  [
    'sends-data',
    `send email mail message post publish tweet notify reply forward share upload export webhook sms transmit push comment invite fax
    broadcast submit dm whatsapp telegram ftp sftp scp rsync sendgrid`,
  ],
  [
    'harmful-action',
    `pay payment transfer buy purchase checkout delete remove drop erase wipe destroy purge truncate grant revoke unlock disable
    deactivate shutdown terminate kill reboot reset exec execute shell bash sh terminal command cmd eval run deploy approve sign withdraw
    deposit trade sell invest donate refund charge transact wire cancel ban unblock overwrite install uninstall dispatch prescribe merge
    rollback sudo impersonate activate disarm payout redirect reroute reschedule leave autofill rm mv chmod
    tip stake unstake mint burn waive void fire hire kick evict suspend downgrade restart
    force repl eject detonate ignite `,
  ],
]);

/** What a tool is about: its results are this, when it looks. */
export const OBJECTS: ReadonlyMap<string, readonly ToolClass[]> = table([
  [
    'untrusted-content',
    `web internet url page pages website site browser news rss feed feeds crawl scrape wikipedia google bing search email emails mail
    inbox gmail outlook message messages sms chat slack discord telegram whatsapp teams issue issues pr pull comment comments ticket
    tickets review reviews tweet tweets twitter post posts reddit forum facebook instagram youtube transcript document documents doc docs
    pdf attachment attachments readme wiki notion event events calendar invite invites product products listing note notes evernote paste
    repository repositories github gitlab article articles description descriptions details file files`,
  ],
  [
    'private-data',
    `email emails mail inbox gmail outlook message messages sms contact contacts calendar drive dropbox file files document documents note
    notes evernote customer customers client clients account accounts profile employee employees patient patients medical health record
    records genetic payroll salary bank banking balance transaction transactions card cards payment payments credential credentials
    password passwords secret secrets key keys token tokens env environment database db sql sqlite postgres mysql mongo crm salesforce
    address addresses location locations history device devices user users identity passport order orders purchase purchases memory
    investment investments holdings portfolio wallet vault schema table tables row rows saved personal private internal invoice invoices
    statement statements credit loan mortgage insurance tax taxes genome genetics dna friends relatives people person shipment shipments
    parcel parcels delivery deliveries itinerary resume diagnosis prescription prescriptions
    payslip payslips clipboard photo photos camera microphone recording recordings screenshot calls bookmarks ssn medication medications
    iban birthday vaults lead leads calllog keychain biometrics fingerprint salaries wages`,
  ],
]);

interface WordPair {
  readonly verbs: ReadonlySet<string>;
  readonly objects: ReadonlySet<string>;
  readonly classes: readonly ToolClass[];
}

/** Words that say something only together. */
export const WORD_PAIRS: readonly WordPair[] = [
  // A page that is created for others to see, and a request to an address that the model chooses, are ways out.
  pair(
    'create add write open make',
    'issue pr pull gist paste page post comment webhook event invite member collaborator discussion tweet',
    ['sends-data'],
  ),
  pair(
    'fetch open browse navigate goto visit request call download http curl get',
    'url web page browser website site http https request curl api',
    ['sends-data', 'untrusted-content'],
  ),
  pair('put update append insert write new say', 'remote bucket s3 object blob gist pastebin channel webhook block blocks feed', [
    'sends-data',
  ]),
  pair(
    'set update change edit modify manage create add write assign adjust',
    `permission permissions role roles policy policies password credential credentials lock door alarm firewall blocklist allowlist
    whitelist thermostat signal price prices record records prescription appointment appointments beneficiary payee limit limits
    administrator admin profile mfa access guest settings setting config configuration robot oven device devices dns domain
    temperature heating light lights valve pump brightness account accounts info member members collaborator collaborators user users`,
    ['harmful-action'],
  ),
  pair('turn switch', 'on off', ['harmful-action']),
  pair('place make submit create request', 'order trade bet bid booking', ['harmful-action']),
  pair(
    'book schedule reserve request make create',
    `appointment consultation prescription medication flight hotel room taxi ride trip travel reservation rental subscription ambulance
    loan card`,
    ['harmful-action'],
  ),
  pair('auto', 'fill pay save', ['harmful-action']),
  pair('capture', 'payment charge funds', ['harmful-action']),
  pair('swap', 'token tokens coin coins', ['harmful-action']),
  pair('scale upgrade', 'deployment cluster helm service', ['harmful-action']),
  pair('rotate', 'key keys secret secrets credentials', ['harmful-action']),
  pair('format', 'disk drive volume partition', ['harmful-action']),
  pair('open close', 'garage gate door doors valve window blinds position account lock', ['harmful-action']),
  pair('start stop', 'engine instance instances server service vm container machine cluster charging', ['harmful-action']),
  pair('block lock freeze', 'user account card member door screen', ['harmful-action']),
  pair('submit publish', 'expense claim release package vote bid', ['harmful-action']),
  pair('add set create', 'key keys token tokens rule rules forwarding dose insulin filter alias credential webhook', ['harmful-action']),
  pair('apply', 'migration migrations patch change changes config manifest', ['harmful-action']),
  pair('move rename', 'item items file files folder folders directory email emails message messages', ['harmful-action']),
  pair('move start stop control initiate trigger', 'robot car vehicle drone machine connection session applet pipeline workflow', [
    'harmful-action',
  ]),
  pair('generate create', 'deepfake malware exploit', ['harmful-action']),
  pair('post send', 'payment money funds fund ethereum bitcoin crypto', ['harmful-action']),
];

function words(list: string): readonly string[] {
  return list.trim().split(/\s+/);
}

function table(rows: readonly (readonly [ToolClass, string])[]): ReadonlyMap<string, readonly ToolClass[]> {
  const found = new Map<string, ToolClass[]>();
  for (const [kind, list] of rows) for (const word of words(list)) found.set(word, [...(found.get(word) ?? []), kind]);
  return found;
}

function pair(verbs: string, objects: string, classes: readonly ToolClass[]): WordPair {
  return { verbs: new Set(words(verbs)), objects: new Set(words(objects)), classes };
}
