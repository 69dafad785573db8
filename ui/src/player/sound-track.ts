import { language as pageLanguage, locale } from '../text/language.ts'
import { codecName } from './codecs.ts'
import { words } from './words.ts'

/** What a track is for, beside its language. */
export type TrackRole = 'plain' | 'description' | 'hearing'

/** A track of sound that can be chosen while a channel plays. */
export type SoundTrack = {
  /** Among the tracks of the channel. */
  readonly id: string
  /** As the gateway names it, in English. */
  readonly name: string
  /** RFC 5646; null: none is told. */
  readonly language: string | null
  readonly role: TrackRole
  /** By our names; null: not told. */
  readonly codec: string | null
  readonly channels: number | null
}

/** What somebody wants to hear, wherever it is offered. */
export type SoundWish = Pick<SoundTrack, 'name' | 'language' | 'role'>

/** The tracks of a playback, and which of them is heard; null: that is not known. */
export type SoundChoice = { readonly tracks: readonly SoundTrack[]; readonly chosen: string | null }

/** Nothing to choose. */
export const NO_CHOICE: SoundChoice = { tracks: [], chosen: null }

/** The role that EXT-X-MEDIA CHARACTERISTICS tell (Apple's HLS authoring specification). */
export function roleOfCharacteristics(characteristics: string): TrackRole {
  if (characteristics.includes('describes-video')) return 'description'
  return characteristics.includes('enhances-speech') ? 'hearing' : 'plain'
}

/**
 * The track that a wish means: the same language and purpose, else the same language as it is meant for everybody. What has
 * no language is known by its name. Null: the channel has none such, and its own first track stays.
 */
export function matchTrack(tracks: readonly SoundTrack[], wish: SoundWish): SoundTrack | null {
  const alike = tracks.filter(({ name, language }) =>
    wish.language === null ? language === null && name === wish.name : language === wish.language,
  )
  return (
    alike.find(({ name, role }) => role === wish.role && name === wish.name) ??
    alike.find(({ role }) => role === wish.role) ??
    alike.find(({ role }) => role === 'plain') ??
    null
  )
}

/** Name of a track for people, in the language of the page. */
export function trackTitle({ name, language, role }: SoundTrack): string {
  const say = words().sound
  const [, plain = '', nth] = /^(.*?)(?: (\d+))?$/.exec(name) ?? []
  const number = nth === undefined ? '' : ` ${nth}`
  if (language === null) return `${say.byName(plain)}${number}`
  const named = new Intl.DisplayNames([locale(), pageLanguage()], { type: 'language' }).of(language) ?? language
  const title = named.charAt(0).toLocaleUpperCase(locale()) + named.slice(1)
  return `${title}${role === 'plain' ? '' : ` (${say.roles[role]})`}${number}`
}

/** How a track is coded, for people: `AAC, stereo`; '': not told. */
export function trackFormat({ codec, channels }: Pick<SoundTrack, 'codec' | 'channels'>): string {
  const parts = [codec === null ? null : codecName(codec), channels === null ? null : words().sound.channels(channels)]
  return parts.filter((part) => part !== null).join(', ')
}

const KEY = 'downlink.sound'

/** What was wished for last on this device; null: nothing yet. */
export function storedWish(storage: Pick<Storage, 'getItem'>): SoundWish | null {
  const [role, language, name] = (storage.getItem(KEY) ?? '').split('/')
  if ((role !== 'plain' && role !== 'description' && role !== 'hearing') || language === undefined) return null
  return { role, language: language === '' ? null : language, name: name ?? '' }
}

/** Remembers a wish on this device, for all channels. */
export function storeWish(wish: SoundWish, storage: Pick<Storage, 'setItem'>): void {
  storage.setItem(KEY, [wish.role, wish.language ?? '', wish.name.replaceAll('/', ' ')].join('/'))
}
