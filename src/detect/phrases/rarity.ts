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

/** How often a word stands in ordinary text, as a weight: 1 for a rare one. */
export function frequencyOf(word: string): number {
  const rank = RANKS.get(word);
  if (rank === undefined) return word.length <= 3 ? 20 : 1;
  if (rank < 20) return 20_000;
  return rank < 80 ? 5000 : rank < 160 ? 1500 : 400;
}
