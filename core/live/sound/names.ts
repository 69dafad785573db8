import type { ElementaryStream } from '../program.ts'
import { soundRole } from './role.ts'
import type { SoundRole } from './role.ts'

/** ISO 639-2/B codes that broadcasters use where RFC 5646 wants the other one. */
const BIBLIOGRAPHIC: Readonly<Record<string, string>> = {
  ger: 'de',
  fre: 'fr',
  dut: 'nl',
  cze: 'cs',
  gre: 'el',
  rum: 'ro',
  slo: 'sk',
  alb: 'sq',
  arm: 'hy',
  baq: 'eu',
  bur: 'my',
  chi: 'zh',
  geo: 'ka',
  ice: 'is',
  mac: 'mk',
  may: 'ms',
  per: 'fa',
  wel: 'cy',
}

/** RFC 5646 tag of a broadcast language; null for codes such as `mis`, `nar` and `qaa`, which name none. */
export function languageTag(code: string | null): string | null {
  if (code === null || /^(mis|mul|nar|und|zxx|q[a-t].)$/.test(code)) return null
  try {
    return BIBLIOGRAPHIC[code] ?? new Intl.Locale(code).language
  } catch {
    return null
  }
}

const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' })

const ROLES: Readonly<Record<SoundRole, string | null>> = {
  plain: null,
  description: 'audio description',
  hearing: 'clear speech',
  clean: 'without speech',
  original: null,
}

function plainName(stream: ElementaryStream): string {
  const role = soundRole(stream)
  const tag = languageTag(stream.language)
  const language = tag !== null ? (names.of(tag) ?? tag) : role === 'original' ? 'Original' : null
  const purpose = ROLES[role]
  if (language !== null) return purpose === null ? language : `${language} (${purpose})`
  if (purpose !== null) return purpose.charAt(0).toUpperCase() + purpose.slice(1)
  return stream.language === null ? 'Sound' : 'Other sound'
}

/**
 * English name of a track, `German (audio description)`, that none of those before it has. Source: RFC 8216, 4.3.4.1.1, wants
 * that within a group.
 */
export function trackName(stream: ElementaryStream, before: readonly ElementaryStream[]): string {
  const name = plainName(stream)
  const nth = before.filter((other) => plainName(other) === name).length
  return nth === 0 ? name : `${name} ${nth + 1}`
}

/** EXT-X-MEDIA CHARACTERISTICS of a role. Source: RFC 8216, 4.3.4.1, and Apple's HLS authoring specification, 4.5. */
export const CHARACTERISTICS: Readonly<Record<SoundRole, string | null>> = {
  plain: null,
  description: 'public.accessibility.describes-video',
  hearing: 'public.accessibility.enhances-speech-intelligibility',
  clean: null,
  original: null,
}
