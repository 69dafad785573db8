/** ISO 639-1 with its codes of ISO 639-2: terminological, and bibliographic where that differs. */
const CODES =
  'ar ara,be bel,bg bul,bs bos,ca cat,cs ces cze,cy cym wel,da dan,de deu ger,el ell gre,en eng,es spa,et est,eu eus baq,' +
  'fa fas per,fi fin,fr fra fre,ga gle,gl glg,he heb,hi hin,hr hrv,hu hun,hy hye arm,id ind,is isl ice,it ita,ja jpn,' +
  'ka kat geo,ko kor,lb ltz,lt lit,lv lav,mk mkd mac,mt mlt,nl nld dut,no nor,pl pol,pt por,rm roh,ro ron rum,ru rus,' +
  'sk slk slo,sl slv,sq sqi alb,sr srp,sv swe,th tha,tr tur,uk ukr,vi vie,zh zho chi'

/** The terminological code of three letters (`deu`) for any code of the language; null: not known, or said to be unknown. */
export function languageOf(code: string | null): string | null {
  const [plain = ''] = (code ?? '').toLowerCase().split(/[-_]/)
  if (plain === '' || plain === 'und') return null
  for (const row of CODES.split(',')) {
    const [, three = '', ...others] = row.split(' ')
    if (row.startsWith(`${plain} `) || three === plain || others.includes(plain)) return three
  }
  return /^[a-z]{3}$/.test(plain) ? plain : null
}
