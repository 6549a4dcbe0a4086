/**
 * Words that stand in most texts of a language, the commonest first: a phrase is not looked for because of one of them. As they are folded:
 * in lower case, without accents.
 */
const COMMON = {
  en:
    'the be to of and a in that have i it for not on with he as you do at this but his by from they we say her she or an will my one all ' +
    'would there their what so up out if about who get which go me when make can like time no just him know take people into year your good ' +
    'is are was were been has had did does said more s t re ll ve m d don may should must some could them see other than then now only its ' +
    'over also back after two how our first way even new want because any these give day most us such very much many own same too here where ' +
    'why again through before between under while both few those yours being let set tell please help need without never always every ' +
    'look come think use work well long great man world life still last might ask show try leave call keep name place made find part write ' +
    'word text data list line file user number order best right old high next small large end start add using used following based 1 2 3 4 5 ' +
    'information question answer example different language provide include create response tool tools message messages code system two ' +
    'called known role character play love yes ok hi hello talk speak letter story job read power free anything sure sorry both another',
  de:
    'die der und in den von zu das mit sich des auf fur ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer ' +
    'um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde ich du wir ihr mir mich uns was ' +
    'alle alles geben gib bitte kann kannst konnen soll sollst muss wenn dann jetzt hier da diese dieser dieses meine deine keine ohne',
  es:
    'de la que el en y a los se del las un por con no una su para es al lo como mas o pero sus le ha me si sin sobre este ya entre cuando todo ' +
    'esta ser son dos tambien fue habia era muy anos hasta desde mi porque que solo han yo hay vez puede todos asi nos ni parte tiene uno ahora',
  fr:
    'de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son ou sa mais comme on lui nous vous ' +
    'je tu ces tout fait aux elle ses y meme cette si leur sans bien peut tous votre ton ta tes vos mes mon ma maintenant etre',
  it:
    'di e il la che in a per un una sono del le non i con si da della al come piu ma lo gli o alla anche se nel dei su delle questo tutti mi tuo ' +
    'tua tue tuoi ora adesso essere stato ha',
  pt: 'o de a e que do da em um para com nao uma os no se na por mais as dos como mas ao ele das seu sua ou ser quando muito ha nos ja eu tudo todas todos',
  nl: 'de het een en van ik te dat die in je niet zijn is was op aan met als voor er maar om ook dan nog naar heb wat alle alles nu u jij',
  pl: 'w i z na do to sie nie jest ze o jak a po co ale od za tak czy przez byc wszystkie wszystko teraz ty jestes',
  tr: 've bir bu da de icin ile cok ne o gibi daha ben sen tum butun simdi olarak',
} as const;

const RANKS = new Map<string, number>();
for (const words of Object.values(COMMON))
  for (const [rank, word] of words.split(' ').entries()) RANKS.set(word, Math.min(rank, RANKS.get(word) ?? rank));

/** English words that are no rare ones either: as often as some hundreds in a million words of letters, news and documentation, */
const FREQUENT =
  'above action address against already although among application around available away base become begin below better big bring build ' +
  'business buy case change changed changes check child children city class close company complete content context control copy country ' +
  'course current date default description done down during each early either else enough error family far feel field files follow form ' +
  'format found four full function general given gone got government group half hand head hold home hour house however idea image ' +
  'important included including input install instead interest itself key kind later law least less level library license light limit link ' +
  'lived local log main market mean means member memory method mind mode model module money month morning move moved near needed needs ' +
  'nothing note object off office often once open option optional options others otherwise output package page paper past pay per person ' +
  'point possible present problem process program project property public put rather ready real reason received records remove report ' +
  'request required rest result results return review root room rule run running save school section security seem seen send server ' +
  'service several shall share shows side sign simple since single site size social software something soon source specific specified ' +
  'standard state status step stop stored street string study style subject support team term test thing things though three times today ' +
  'together told took top total toward track true turn type types until update upon url users uses usual usually value values version via ' +
  'view wait water week went whether white whole within woman written young http https client web node';
/** and as some tens. */
const KNOWN =
  'accept accepted access account across act actions active actual actually added adding addition additional advised affairs afternoon ' +
  'agent agree agreement allow allowed along alone anyone apply arrive article asked aside attached attention author automatically avoid ' +
  'bad bank bed began beginning behind believe black board body book books born bottom box branch break broken browser brought built ' +
  'button calling calls cannot car card care carry cause cell center central certain chain chance characters charge checked choose claim ' +
  'clear clients clock coffee cold colleague colour color column comes coming command commands comment comments commit common community ' +
  'completely condition conditions config configuration configured consider contact contain contains continue contents copies correct cost ' +
  'council count cover created creates creating credit currently custom customer cut daily damage dark days deal death debug decide ' +
  'decided decision defined delete deliver department describe described design designed desk details developer developers development ' +
  'device difference difficult directly directory disable discuss document documents dog dollars door double doubt download drive drop due ' +
  'earlier easily east easy eat editor education effect effort eight email empty enable enabled engine english enter entire entry ' +
  'environment euros evening event events ever everybody everyone everything exactly except existing exists expect expected experience ' +
  'explain export extend extra eye eyes face fact fail fall famous fast father feature features fee fees feet fetch figure fill filter ' +
  'final finally fine finish finished fire five fix flag floor follows food foot force foreign forget former forward friend friends front ' +
  'future game garden generate generated gets girl gives giving glass goes going gold green ground grow guess guide hair happen happened ' +
  'happy hard health hear heard heart helper hidden history hit holiday hope horse hospital host hotel hot hundred husband ignore ' +
  'immediately impact impossible improve increase indeed index individual industry initial inside installed instruction instructions ' +
  'interesting internal international invalid issue issues items join journal keeping keeps kept keys kitchen knew lady land late latest ' +
  'lead leading leads leaves led left legal letters lie lies likely limited limits lines listen little live lives living load loan ' +
  'location logged longer looked looking looks lose lost lot loud low lunch machine mail maintain major maker makes making manage manager ' +
  'manual map mark match material matter maximum maybe meaning meet meeting members memo mention mentioned middle mile military miles ' +
  'million minister minute minutes miss mistake modify moment monday months mother mouth movement movie museum music named names national ' +
  'natural nature nearly necessary network news nice nine noon none nor normal normally north notes notice nuclear null numbers obtain ' +
  'obviously offer offered official online onto opened opening operating operation opinion orange orders ordinary original outside ' +
  'override owner owners pages paid paint pair papers parent parents park parts party pass passed password payment perhaps period ' +
  'permission permitted persons phone photo phrase picture piece pieces plan plane plans plant plastic player points police policy ' +
  'political poor popular position post pound practice precise prepare presence president press pretty prevent previous price print ' +
  'printed printer prior private probably problems produce product products professor profile programs progress prompt protect provided ' +
  'provider provides publish published purchase purpose quarter quality quick quickly quiet quite race radio rain raise range rate rating ' +
  'reach react reached reader reading realize really recent recently recipe recommend record red reduce refer reference regular related ' +
  'release released remain remember remote removed render repeat repeated replace replaced reply reports requests require requirements ' +
  'requires reset resource respect responses restaurant restrict rights ring risk river road roof round rules runs safe safety sale salt ' +
  'sat saturday saying says score script sea search seat second seconds secret secure seems select sell sense sent sentence separate ' +
  'series serious servers serves services session sets setting settings seven shared ship shop short shot showed shown shut sick sides ' +
  'signed similar simply sister sit sitting situation six skip sleep slow slowly smart solution solve somebody someone sometimes somewhere ' +
  'song sort sound south space speaking special specify speed spend spoke spring staff stage stand standing stands star started starting ' +
  'starts states station stay stayed steps stick stood store stories straight strange strict strong student students stuff success ' +
  'suddenly suggest summary summer sun sunday supply supported suppose supposed surface surprise switch symbols table tag taken takes ' +
  'taking talking tall task tasks tax teach teacher teaching teams technology television telling tells ten terms tests texts thank thanks ' +
  'themselves therefore thinking third thought thoughts thousand threw thus ticket tickets tie tired title token tokens tomorrow tonight ' +
  'topic touch town trade traffic train training transfer translate translation travel treat tree tried trip trouble truck trust truth ' +
  'trying tuesday turned twenty twice typical uncle understand unit university unless unlike updated upper usage username vacation valid ' +
  'variable variables various verify village visible visit voice wall walk walked war warning wanted wants warm wash watch watching ways ' +
  'weather website wednesday weekend weekly weeks weight west wet whatever whenever whose wide wife win wind window windows winter wish ' +
  'woke wonder wonderful wood working works worried worse worst worth wrap writing wrong wrote yellow yesterday';

const WEIGHTS = new Map([
  ...KNOWN.split(' ').map((word) => [word, 60] as const),
  ...FREQUENT.split(' ').map((word) => [word, 250] as const),
]);

/** How often a word stands in ordinary text, as a weight, about how many of a million words it is: 1 for a rare one. */
export function frequencyOf(word: string): number {
  const rank = RANKS.get(word);
  if (rank === undefined) return WEIGHTS.get(word) ?? (word.length <= 3 ? 20 : 1);
  if (rank < 20) return 20_000;
  return rank < 80 ? 5000 : rank < 160 ? 1500 : 400;
}
