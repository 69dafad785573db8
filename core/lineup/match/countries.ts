// ISO 3166-1 alpha-2 codes of countries that channel lists are tagged with, and the other words that lists use for them.
// `exyu`, `latam`, `arab`, `afr`, `kurd` are no countries, but lists use them like one. What counts is that one country
// has one spelling here, whatever it means: equal ones are the same, different ones never are.
const CODES =
  'ad ae af al am ao ar at au az ba bd be bg bh bo br by ca ch cl cn co cr cu cy cz de dk do dz ec ee eg es et fi fr gb ge gh ' +
  'gr gt hk hn hr hu id ie il in iq ir is it jm jo jp ke kr kw kz lb lk lt lu lv ly ma md mk mt mx my ng ni nl no np nz om ' +
  'pa pe ph pk pl pr ps pt py qa ro rs ru sa se sg si sk sn so sv sy th tn tr tw ua us uy uz ve vn xk ye za'

const ALIASES: Readonly<Record<string, string>> = {
  uk: 'gb', gbr: 'gb', eng: 'gb', britain: 'gb', england: 'gb', 'united kingdom': 'gb', 'great britain': 'gb',
  usa: 'us', america: 'us', 'united states': 'us', can: 'ca', canada: 'ca', aus: 'au', australia: 'au',
  ger: 'de', deu: 'de', germany: 'de', deutschland: 'de', allemagne: 'de', aut: 'at', austria: 'at', osterreich: 'at',
  oesterreich: 'at', sui: 'ch', che: 'ch', switzerland: 'ch', schweiz: 'ch', suisse: 'ch', fra: 'fr', france: 'fr',
  frankreich: 'fr', ita: 'it', italy: 'it', italia: 'it', italien: 'it', esp: 'es', spa: 'es', spain: 'es', espana: 'es',
  spanien: 'es', por: 'pt', prt: 'pt', portugal: 'pt', ned: 'nl', nld: 'nl', netherlands: 'nl', nederland: 'nl',
  holland: 'nl', bel: 'be', belgium: 'be', belgie: 'be', belgique: 'be', pol: 'pl', poland: 'pl', polska: 'pl',
  polen: 'pl', cze: 'cz', czech: 'cz', 'czech republic': 'cz', svk: 'sk', slovakia: 'sk', hun: 'hu', hungary: 'hu',
  rom: 'ro', rou: 'ro', romania: 'ro', bul: 'bg', bgr: 'bg', bulgaria: 'bg', gre: 'gr', grc: 'gr', greece: 'gr',
  tur: 'tr', turkey: 'tr', turkiye: 'tr', turkei: 'tr', rus: 'ru', russia: 'ru', ukr: 'ua', ukraine: 'ua', swe: 'se',
  sweden: 'se', sverige: 'se', nor: 'no', norway: 'no', norge: 'no', den: 'dk', dnk: 'dk', denmark: 'dk', danmark: 'dk',
  fin: 'fi', finland: 'fi', suomi: 'fi', irl: 'ie', ireland: 'ie', srb: 'rs', serbia: 'rs', hrv: 'hr', cro: 'hr',
  croatia: 'hr', svn: 'si', slovenia: 'si', bih: 'ba', bosnia: 'ba', mkd: 'mk', macedonia: 'mk', alb: 'al',
  albania: 'al', kosovo: 'xk', bra: 'br', brazil: 'br', brasil: 'br', mex: 'mx', mexico: 'mx', ind: 'in', india: 'in',
  pak: 'pk', pakistan: 'pk', isr: 'il', israel: 'il', jpn: 'jp', japan: 'jp', chn: 'cn', china: 'cn', kor: 'kr',
  korea: 'kr', egypt: 'eg', morocco: 'ma', maroc: 'ma', algeria: 'dz', tunisia: 'tn', iran: 'ir', iraq: 'iq',
  'ex yu': 'exyu', 'ex-yu': 'exyu', exyu: 'exyu', latam: 'latam', latino: 'latam', arab: 'arab', arabic: 'arab',
  ara: 'arab', afr: 'afr', africa: 'afr', kurd: 'kurd', kurdish: 'kurd',
} // prettier-ignore

const COUNTRIES: ReadonlyMap<string, string> = new Map([
  ...CODES.split(' ').map((code): [string, string] => [code, code]),
  ...Object.entries(ALIASES),
])

/** The country that a tag of a channel list means (`de`, `uk`, `ger`, `deutschland`; folded), as one code; null: none. */
export const countryOfTag = (tag: string): string | null => COUNTRIES.get(tag) ?? null

/** The country that a whole word of a group's name means: only names in full, never two letters. */
export const countryOfWord = (word: string): string | null => (word.length > 3 ? countryOfTag(word) : null)

const FIRST_FLAG_LETTER = 0x1f1e6 // Unicode, regional indicator symbol letter A

/** Writes flags (🇩🇪, two regional indicators) as tags (`|de|`). */
export function spellFlags(text: string): string {
  return text.replace(/[\u{1f1e6}-\u{1f1ff}]{2}/gu, (flag) => {
    const letters = [...flag].map((sign) => String.fromCharCode(97 + (sign.codePointAt(0) ?? 0) - FIRST_FLAG_LETTER))
    return `|${letters.join('')}|`
  })
}
