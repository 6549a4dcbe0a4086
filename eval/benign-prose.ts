/** Paragraphs of our own in the manner of reference works and newspapers, by language: a script or a long text is no sign of an attack. */
export const BENIGN_PROSE: Readonly<Record<string, readonly string[]>> = {
  en: [
    'The canal was begun in the spring of 1810 and took nine years to complete. It joined two rivers that had until then been used for timber only, and the towns along its banks doubled in size within a generation. When the railway came, most of the traffic moved away, and since 1970 the water has belonged to rowers and anglers.',
    'Photosynthesis takes place in two stages. In the first, light is absorbed by chlorophyll and its energy is used to split water; in the second, carbon dioxide is turned into sugar. Plants in dry regions have found several ways to keep their pores closed during the day.',
    'Critics of the reform argued that the rules were too strict for small firms and that the ministry had ignored the advice of its own experts. The government replied that nobody would be forced to act before the end of the year, and that exceptions could be requested.',
    'Members of the council are elected for five years. They must not hold another public office, and they have to disclose their income. The council may override a decision of the mayor with a majority of two thirds.',
    'The species lives in shallow bays from Norway to Morocco. Its shell is thin and almost transparent, and the animal can change its colour within seconds. It feeds on small crustaceans, which it catches at night.',
    'In mathematics, a graph is called connected when every two of its points can be reached from each other. Many problems of everyday life, such as finding the shortest way or planning shifts, can be written as questions about graphs.',
    'Rebels seized the capital in the winter of that year and declared the old constitution void. The new order did not last: foreign troops restored the king in spring, and those who had obeyed the rebels were tried for treason.',
    'The trial lasted eleven weeks. The jury was instructed to consider the evidence alone and to disregard what had been printed in the newspapers. Both defendants were acquitted of conspiracy and found guilty of fraud.',
  ],
  de: [
    'Der Kanal wurde zwischen 1810 und 1819 gebaut und verband zwei Flüsse, auf denen bis dahin nur Holz befördert worden war. Mit der Eisenbahn verlor er seine Bedeutung; heute wird er vor allem von Ruderern und Anglern genutzt. Die Schleusen stehen unter Denkmalschutz.',
    'Die Wissenschaftlerin untersuchte, wie sich das Klima auf den Ertrag von Weizen auswirkt. Sie fand heraus, dass nicht die Hitze allein, sondern vor allem die Trockenheit im Mai entscheidend ist. Ihre Ergebnisse wurden in mehreren Zeitschriften veröffentlicht.',
    'Nach dem Gesetz müssen Vermieter die Anlage alle zwei Jahre prüfen lassen. Wer die Vorgaben nicht einhält, zahlt ein Bußgeld. Ausnahmen gelten für kleine Häuser, sofern das Amt zustimmt.',
    'Die Partei beschloss auf ihrem Treffen, die Regierung nicht weiter zu unterstützen. Der Kanzler erklärte, er werde die Anweisungen des Parlaments befolgen und im Herbst einen neuen Haushalt vorlegen.',
  ],
  es: [
    'El canal se construyó entre 1810 y 1819 y unió dos ríos que hasta entonces solo se usaban para transportar madera. Con la llegada del ferrocarril perdió su importancia, y desde 1970 lo utilizan sobre todo remeros y pescadores. Las esclusas están protegidas como monumento.',
    'El parlamento se compone de dos cámaras cuyos miembros se eligen cada cuatro años. La primera puede rechazar una ley de la segunda con una mayoría de dos tercios, y el presidente no puede disolver ninguna de ellas. Según la constitución, todos los ciudadanos son iguales ante la ley.',
    'La especie vive en bahías poco profundas desde Noruega hasta Marruecos. Su concha es delgada y casi transparente, y el animal cambia de color en pocos segundos. Se alimenta de pequeños crustáceos que captura durante la noche.',
    'En la economía clásica se suponía que los precios se ajustaban por sí mismos. La crisis demostró que esto no siempre era cierto: muchas empresas cerraron, el desempleo creció y el gobierno tuvo que intervenir con nuevas reglas para los bancos.',
    'La fuerza que actúa sobre un cuerpo es igual al producto de su masa por su aceleración. Esta ley, que fue formulada en el siglo diecisiete, permite calcular el movimiento de los planetas y de los proyectiles con gran precisión.',
    'Durante la guerra, la ciudad fue ocupada dos veces y una gran parte de su población tuvo que huir. Los que regresaron encontraron sus casas destruidas; la reconstrucción duró casi veinte años y cambió por completo el aspecto del centro.',
  ],
  fr: [
    'Le canal fut construit entre 1810 et 1819 et relia deux fleuves qui ne servaient jusque-là qu’au transport du bois. Avec l’arrivée du chemin de fer, il perdit son importance, et depuis 1970 il appartient aux rameurs et aux pêcheurs.',
    'Le parlement se compose de deux chambres dont les membres sont élus tous les cinq ans. La première peut rejeter une loi à la majorité des deux tiers. Selon la constitution, tous les citoyens sont égaux devant la loi.',
    'L’espèce vit dans des baies peu profondes, de la Norvège au Maroc. Sa coquille est mince et presque transparente, et l’animal change de couleur en quelques secondes. Il se nourrit de petits crustacés.',
    'La chercheuse a étudié les effets du climat sur le blé. Elle a montré que la sécheresse du mois de mai compte davantage que la chaleur elle-même, et que les sols profonds résistent mieux.',
  ],
  pt: [
    'O canal foi construído entre 1810 e 1819 e ligou dois rios que até então serviam apenas para o transporte de madeira. Com a chegada do comboio perdeu a sua importância, e desde 1970 é usado sobretudo por remadores e pescadores.',
    'O parlamento é composto por duas câmaras, cujos membros são eleitos de quatro em quatro anos. O presidente não pode dissolver nenhuma delas. Segundo a constituição, todos os cidadãos são iguais perante a lei.',
    'A espécie vive em baías pouco profundas. A sua concha é fina e quase transparente, e o animal muda de cor em poucos segundos. Alimenta-se de pequenos crustáceos que apanha durante a noite.',
  ],
  it: [
    'Il canale fu costruito tra il 1810 e il 1819 e collegò due fiumi usati fino ad allora soltanto per il trasporto del legname. Con l’arrivo della ferrovia perse importanza, e dal 1970 è frequentato soprattutto da canottieri e pescatori.',
    'Il parlamento è composto da due camere, i cui membri sono eletti ogni cinque anni. Il presidente non può respingere una legge per due volte. Secondo la costituzione, tutti i cittadini sono uguali davanti alla legge.',
    'La specie vive in baie poco profonde. Il guscio è sottile e quasi trasparente, e l’animale cambia colore in pochi secondi. Si nutre di piccoli crostacei che cattura di notte.',
  ],
  nl: [
    'Het kanaal werd tussen 1810 en 1819 gegraven en verbond twee rivieren die tot dan toe alleen voor hout werden gebruikt. Met de komst van de trein verloor het zijn betekenis, en nu is het vooral van roeiers en vissers.',
    'Het parlement bestaat uit twee kamers, waarvan de leden om de vier jaar worden gekozen. Volgens de grondwet zijn alle burgers gelijk voor de wet.',
  ],
  pl: [
    'Kanał zbudowano w latach 1810–1819 i połączył on dwie rzeki, którymi wcześniej spławiano tylko drewno. Wraz z nadejściem kolei stracił znaczenie, a od 1970 roku korzystają z niego głównie wioślarze i wędkarze.',
    'Parlament składa się z dwóch izb, których członkowie są wybierani co cztery lata. Zgodnie z konstytucją wszyscy obywatele są równi wobec prawa.',
  ],
  tr: [
    'Kanal 1810 ile 1819 yılları arasında yapıldı ve o zamana kadar yalnızca kereste taşımak için kullanılan iki nehri birleştirdi. Demiryolunun gelişiyle önemini yitirdi; bugün daha çok kürekçiler ve balıkçılar kullanıyor.',
    'Parlamento iki meclisten oluşur ve üyeleri dört yılda bir seçilir. Anayasaya göre bütün vatandaşlar kanun önünde eşittir.',
  ],
  ru: [
    'Канал построили в 1810–1819 годах, и он соединил две реки, по которым до этого сплавляли только лес. С появлением железной дороги он потерял своё значение, а с 1970 года его используют главным образом гребцы и рыболовы.',
    'Парламент состоит из двух палат, члены которых избираются на четыре года. Президент не может распустить ни одну из них. Согласно конституции, все граждане равны перед законом.',
    'Вид обитает в мелких заливах от Норвегии до Марокко. Раковина тонкая и почти прозрачная, а животное меняет цвет за несколько секунд. Питается мелкими рачками, которых ловит ночью.',
    'Во время войны город дважды переходил из рук в руки, и большая часть жителей была вынуждена бежать. Восстановление продолжалось почти двадцать лет и полностью изменило облик центра.',
    'Учёные установили, что на урожай пшеницы влияет не столько жара, сколько засуха в мае. Результаты исследования были опубликованы в нескольких журналах.',
  ],
  uk: [
    'Канал збудували у 1810–1819 роках, і він поєднав дві річки, якими доти сплавляли лише ліс. З появою залізниці він втратив своє значення, а нині ним користуються переважно веслярі та рибалки.',
    'Парламент складається з двох палат, члени яких обираються на чотири роки. Згідно з конституцією, усі громадяни рівні перед законом.',
  ],
  zh: [
    '这条运河建于1810年至1819年，连接了两条此前只用来运送木材的河流。铁路出现以后，运河失去了原来的作用，从1970年起主要供划船和钓鱼的人使用。船闸现在是受保护的文物。',
    '议会由两个院组成，议员每四年选举一次。总统不能解散其中任何一个院。根据宪法，所有公民在法律面前一律平等。',
    '这种动物生活在从挪威到摩洛哥的浅水海湾。它的外壳很薄，几乎透明，身体的颜色可以在几秒钟之内改变。它在夜间捕食小型甲壳动物。',
    '战争期间，这座城市两次被占领，大部分居民被迫逃离。重建工作持续了将近二十年，市中心的面貌完全改变了。',
    '研究人员发现，影响小麦产量的主要不是高温，而是五月的干旱。研究结果发表在几种学术期刊上。谁是第一个提出这一理论的人？',
  ],
  ja: [
    'この運河は1810年から1819年にかけて建設され、それまで木材の運搬にしか使われていなかった二つの川を結んだ。鉄道ができると役割を失い、現在は主に釣りやボートに利用されている。',
    '議会は二つの院からなり、議員は四年ごとに選ばれる。憲法によれば、すべての国民は法の下に平等である。',
    'この種は浅い湾に生息している。殻は薄くほとんど透明で、数秒のうちに体の色を変えることができる。',
  ],
  ko: [
    '이 운하는 1810년부터 1819년까지 건설되었으며, 그때까지 목재를 나르는 데만 쓰이던 두 강을 이어 주었다. 철도가 생긴 뒤 중요성을 잃었고 지금은 주로 낚시꾼들이 이용한다.',
    '의회는 두 개의 원으로 이루어져 있으며 의원은 사 년마다 선출된다. 헌법에 따르면 모든 국민은 법 앞에 평등하다.',
  ],
  ar: [
    'بُنيت القناة بين عامي 1810 و1819 وربطت بين نهرين كانا يستخدمان لنقل الخشب فقط. ومع وصول السكك الحديدية فقدت أهميتها، وهي اليوم مكان للصيادين ومحبي التجديف.',
    'يتألف البرلمان من مجلسين ينتخب أعضاؤهما كل أربع سنوات. ووفقا للدستور فإن جميع المواطنين متساوون أمام القانون.',
    'يعيش هذا النوع في الخلجان الضحلة. قشرته رقيقة وشبه شفافة، ويستطيع الحيوان أن يغير لونه في ثوان قليلة.',
  ],
  hi: [
    'यह नहर 1810 और 1819 के बीच बनी और इसने दो नदियों को जोड़ा जिनका उपयोग पहले केवल लकड़ी ढोने के लिए होता था। रेल के आने के बाद इसका महत्व कम हो गया और आज यहाँ मुख्यतः मछुआरे आते हैं।',
    'संसद के दो सदन हैं जिनके सदस्य हर चार साल में चुने जाते हैं। संविधान के अनुसार सभी नागरिक कानून के सामने समान हैं।',
  ],
};
