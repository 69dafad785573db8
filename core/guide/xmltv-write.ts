import { guideId } from '../lineup/channel.ts'
import type { Channel } from '../lineup/channel.ts'
import { PIECE_LENGTH } from '../pieces.ts'
import { plainText } from '../plain-text.ts'
import { escapeXml } from '../xml-text.ts'
import { GUIDE_PROFILES, shorten } from './client-guide.ts'
import type { GuideProfile } from './client-guide.ts'
import { CREDIT_ROLES } from './details.ts'
import type { Credit, ProgrammeDetails } from './details.ts'
import { episodeNumbers, withDayNumber } from './episode-number.ts'
import type { EpisodeNumber } from './episode-number.ts'
import { fillGaps } from './fill.ts'
import type { Slot } from './fill.ts'
import type { Programme } from './programme.ts'
import type { Window } from './window.ts'

/** What a guide document is made of. */
export type XmltvOptions = {
  readonly channels: readonly Channel[]
  /** Programmes that touch the window, ordered by start, without overlaps. */
  readonly programmes: (channel: Channel, window: Window) => readonly Programme[] | Promise<readonly Programme[]>
  readonly window: Window
  /** Where it begins earlier: what is known of that time is told, holes before it stay. Absent: nowhere. */
  readonly pastWindow?: (channel: Channel) => Window
  /** Absolute URL of the channel's picture; null: none. */
  readonly iconUrl: (channel: Channel) => string | null
  /** Absolute URL of a picture of ours by its path; absent: pictures are not told. */
  readonly pictureUrl?: (path: string) => string
  /** Who will read it; absent: anybody. */
  readonly profile?: GuideProfile
}

/**
 * Writes an XMLTV document in pieces of about 64 KiB: all channels by id, then their programmes by start.
 *
 * Valid by the DTD and by the stricter `tv_validate_file`: channel ids have a dot, no channel is without programmes,
 * none overlap, times are UTC with `+0000`, only characters that XML 1.0 allows, no empty elements.
 * Source: XMLTV's xmltv.dtd; protocols/m3u-xmltv.md B1 … B3 (what Kodi, Jellyfin, Tvheadend and Plex make of it).
 */
export async function* writeXmltv(options: XmltvOptions): AsyncGenerator<string, void, undefined> {
  const channels = options.channels
    .map((channel) => ({ channel, id: guideId(channel) }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const { profile = GUIDE_PROFILES[''] } = options
  let piece =
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tv SYSTEM "xmltv.dtd">\n<tv generator-info-name="downlink">\n'
  for (const { channel, id } of channels) {
    piece += channelElement(channel, id, { iconUrl: options.iconUrl(channel), profile })
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  for (const { channel, id } of channels) {
    const programmes = await options.programmes(channel, options.pastWindow?.(channel) ?? options.window)
    const slots = fillGaps(programmes, options.window, displayName(channel))
    for (const slot of slots) piece += programmeElement(slot, id, { channel, profile, pictureUrl: options.pictureUrl })
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  yield `${piece}</tv>\n`
}

const displayName = (channel: Channel): string => plainText(channel.name) || `Channel ${channel.number}`

function channelElement(
  channel: Channel,
  id: string,
  { iconUrl, profile }: { readonly iconUrl: string | null; readonly profile: GuideProfile },
): string {
  const name = displayName(channel)
  const both = `${channel.number} ${name}`
  const names = profile.firstName === 'name' ? [name, channel.number, both] : [both, channel.number, name]
  const icon = iconUrl === null ? '' : `<icon src="${escapeXml(iconUrl)}"/>`
  return `<channel id="${id}">${names.map((text) => element('display-name', text)).join('')}${icon}</channel>\n`
}

/** Order of the children: DTD. Categories carry no `lang`: Jellyfin would drop all of other languages. */
function programmeElement(
  slot: Slot,
  id: string,
  {
    channel,
    profile,
    pictureUrl,
  }: {
    readonly channel: Channel
    readonly profile: GuideProfile
    readonly pictureUrl: XmltvOptions['pictureUrl'] | undefined
  },
): string {
  const title = plainText(slot.title) || displayName(channel)
  const subtitle = plainText(slot.subtitle ?? '')
  let xml = `<programme start="${xmltvTime(slot.start)}" stop="${xmltvTime(slot.stop)}" channel="${id}">`
  xml += element('title', title)
  if (subtitle !== '' && subtitle !== title) xml += element('sub-title', subtitle)
  const description = shorten(paragraphs(slot.description ?? ''), profile.longestText)
  if (description !== '') xml += element('desc', description)
  xml += creditsElement(slot.details?.credits)
  if (slot.details?.date !== undefined) xml += element('date', slot.details.date)
  for (const category of withSynonyms(slot.categories)) xml += element('category', category)
  const picture = slot.details?.picture
  if (picture !== undefined && pictureUrl !== undefined) xml += `<icon src="${escapeXml(pictureUrl(picture))}"/>`
  for (const { system, text } of numbersOf(slot, profile))
    xml += `<episode-num system="${system}">${text}</episode-num>`
  if (!slot.isFiller) {
    if (slot.repeat) xml += '<previously-shown/>'
    xml += markElements(slot.details)
  }
  return `${xml}</programme>\n`
}

function numbersOf(slot: Slot, { numbersEverything }: GuideProfile): readonly EpisodeNumber[] {
  const numbers = slot.isFiller ? [] : episodeNumbers(slot)
  return numbersEverything ? withDayNumber(slot, numbers) : numbers
}

function creditsElement(credits: readonly Credit[] | undefined): string {
  if (credits === undefined) return ''
  const inside = CREDIT_ROLES.flatMap((role) =>
    credits.filter((credit) => credit.role === role && plainText(credit.name) !== ''),
  )
  if (inside.length === 0) return ''
  return `<credits>${inside.map(({ role, name }) => element(role, plainText(name))).join('')}</credits>`
}

/** What comes behind `previously-shown`, in the DTD's order; `live` is not in the DTD. */
function markElements(details: ProgrammeDetails | undefined): string {
  if (details === undefined) return ''
  const { rating, stars } = details
  const system = plainText(rating?.system ?? '')
  const value = plainText(rating?.value ?? '')
  return (
    (details.isPremiere === true ? '<premiere>Premiere</premiere>' : '') + // validators want a text
    (details.isNew === true ? '<new/>' : '') +
    (value === ''
      ? ''
      : `<rating${system === '' ? '' : ` system="${escapeXml(system)}"`}>${element('value', value)}</rating>`) +
    (stars === undefined ? '' : `<star-rating>${element('value', plainText(stars))}</star-rating>`)
  )
}

const element = (name: string, text: string): string => `<${name}>${escapeXml(text)}</${name}>`

/** Lines of a description, each a plain text; the only text in which XMLTV allows line breaks. */
const paragraphs = (text: string): string =>
  text
    .split(/\r\n?|\n/)
    .map(plainText)
    .filter((line) => line !== '')
    .join('\n')

/** Jellyfin sorts children's programmes by the word `Children`, too. */
function withSynonyms(categories: readonly string[]): readonly string[] {
  const words = categories.map(plainText).filter((word) => word !== '')
  const kids = words.indexOf('Kids')
  return [...new Set(kids < 0 ? words : words.toSpliced(kids + 1, 0, 'Children'))]
}

/** `YYYYMMDDhhmmss +0000`: UTC spares readers every question about summer time. */
function xmltvTime(instant: number): string {
  const iso = new Date(instant).toISOString() // 2026-11-21T04:00:00.000Z
  const date = iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10)
  return `${date}${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)} +0000`
}
