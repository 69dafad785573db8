import { countryOfTag, spellFlags } from './countries.ts'
import { foldLetters, hasUmlauts, undecorate } from './fold.ts'

/** How sharp the picture is meant to be, by the marks in a name. */
export type Sharpness = 'sd' | 'hd' | 'uhd'

/** What a channel list's name for a channel says. */
export type ChannelName = {
  /**
   * What the channel is called, in letters and digits without blanks; two spellings where umlauts may be written in two
   * ways. Empty for names that mean nothing by themselves: separators (`##### SPORT #####`), `Event 12`.
   */
  readonly keys: readonly string[]
  /** The same as it is written, in lower case; see `wordsOf`. */
  readonly text: string
  /** Whether too many channels of the world are called so: very short names, `TV 2`, `Sport 1`, `News`. */
  readonly isCommon: boolean
  readonly country: string | null
  readonly sharpness: Sharpness | null
  /** Hours by which the channel repeats another one (`+1`), as text; '' for an original. */
  readonly shift: string
  readonly isBackup: boolean
}

const SHARPNESS: ReadonlyMap<string, Sharpness> = new Map([
  ...['sd', 'lq', '360p', '480p', '480i', '576p', '576i'].map((mark): [string, Sharpness] => [mark, 'sd']),
  ...['hd', 'hq', 'hd+', 'fhd', 'fullhd', '720p', '1080p', '1080i'].map((mark): [string, Sharpness] => [mark, 'hd']),
  ...['uhd', 'uhd+', 'ultrahd', '4k', '4k+', '2160p', '8k'].map((mark): [string, Sharpness] => [mark, 'uhd']),
])
const TECHNICAL = new Set([
  'hevc',
  'h264',
  'h265',
  'x264',
  'x265',
  'avc',
  'raw',
  '25fps',
  '50fps',
  '60fps',
  'hdr',
  'hdr10',
])
const BACKUP = new Set(['backup', 'backup1', 'backup2', 'backup3', 'bkup', 'bckp', 'bkp', 'bk', 'reserve', 'ersatz'])
/** A part of each of these words. */
const BACKUP_PART = /back|bk|bckp|reserve|ersatz/i
/** A part of each mark of `SHARPNESS`. */
const MAY_BE_SHARP = /[sh]d|[lh]q|\d[pi]|[48]k/i
/** Nothing in it is a decorated letter (`undecorate`). */
const IS_UNDECORATED = /^[\u0000-\u007f\u00c0-\u017e\u0400-\u04ff]*$/ // eslint-disable-line no-control-regex -- ASCII is what is meant
/** Words that say something of a list and nothing of a channel, where they stand alone between separators. */
const TAG_ONLY = new Set([
  'vip',
  'multi',
  'multisub',
  'multiaudio',
  'live',
  'sat',
  'iptv',
  'ott',
  'new',
  'adults',
  'xxx',
])

const SEPARATOR = /[#=*_~●▬■◆━─▀▄★☆-]{4,}/u
const DELIMITERS = /[|:：¦│┃║▎▏❘•●◉◆■★☆✦✪✰►▶»«›‹~[\](){}]|(?<=\s)[-–—](?=\s)/gu
const SHIFT = /(?:\s|\(|^)\+\s?(\d{1,2})\s?h?(?=$|[\s)\]|])|\S\+(\d{1,2})(?=$|[\s)\]|])|\bplus\s?(1|24)(?=$|\s)/u
const NUMBERED_EVENT = /^(?:event|ppv|live|livestream|stream|match|game|spiel|feed|test|camera|cam)s?\d*$/
const COMMON =
  /^(?:tv|kanal|canal|channel|ch|sport|sports|news|film|movie|movies|cinema|kino|music|musik|kids|doku|info|radio|one|eins|first|comedy|action|family|planet|series|fun|gold|star|plus)s?\d*$/

/**
 * Reads the marks out of a channel's name: country (`DE: `, `|DE|`, `[DE]`, 🇩🇪, only where set apart), sharpness (HD, FHD,
 * UHD, 4K, SD), technical marks (HEVC, 50fps), backup and time shift. What is left is the name.
 *
 * Nothing is guessed: a mark at the front that is not set apart belongs to the name (`HD Theatre`, `IT Crowd`).
 */
export function readChannelName(text: string): ChannelName {
  const plain = joinMarks(spellFlags(undecorate(text)))
  const [, apart, glued, spelled] = SHIFT.exec(plain) ?? []
  const { marks, words } = readMarks(plain)
  const isSeparator = SEPARATOR.test(plain)
  const keys = isSeparator ? [] : spell(words)
  const [key = ''] = keys
  return {
    keys: NUMBERED_EVENT.test(key) ? [] : keys,
    text: words.join(' '),
    isCommon: key.length < 3 || /^\d*$/.test(key) || COMMON.test(key),
    ...marks,
    shift: apart ?? glued ?? spelled ?? '',
  }
}

/** The sharpness that `readChannelName` reads, alone: whoever filters 100,000 names asks for nothing else. */
export function readSharpness(text: string): Sharpness | null {
  const isUndecorated = IS_UNDECORATED.test(text)
  if (isUndecorated && !MAY_BE_SHARP.test(text)) return null
  return readMarks(joinMarks(isUndecorated ? text.toLowerCase() : spellFlags(undecorate(text)))).marks.sharpness
}

/** Marks of two words as one, in a name in lower case. */
const joinMarks = (plain: string): string =>
  plain.replace(/\bh\.(?=26[45]\b)/g, 'h').replace(/\b(full|ultra) hd\b/g, '$1hd')

/** Takes the marks out of a plain name; `words` are what is left. */
function readMarks(plain: string): { readonly marks: Marks; readonly words: readonly string[] } {
  const marks: Marks = { country: null, sharpness: null, isBackup: false }
  const words: string[] = []
  const segments = plain
    .replace(DELIMITERS, '|')
    .split('|')
    .filter((segment) => /\S/.test(segment))
  const parts = segments.map((segment) => segment.trim().split(/\s+/))
  for (const part of parts) {
    if (parts.length > 1 && part.every((word) => isMark(word))) for (const word of part) take(marks, word, true)
    else
      for (const [at, word] of part.entries())
        if ((at === 0 && words.length === 0) || !take(marks, word, false)) words.push(word)
  }
  return { marks, words }
}

/** Whether it is worth reading a name to see if it is marked as a backup. */
export const mayBeBackup = (text: string): boolean => BACKUP_PART.test(text) || !IS_UNDECORATED.test(text)

/** Reads channel names. */
export type NameReader = (text: string) => ChannelName

/** A reader that reads each name once: for one run over a line-up, since it forgets nothing. */
export function createNameReader(): NameReader {
  const known = new Map<string, ChannelName>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const name = readChannelName(text)
    known.set(text, name)
    return name
  }
}

type Marks = { country: string | null; sharpness: Sharpness | null; isBackup: boolean }

/** Whether a word means nothing but a mark where it is set apart from the name. */
const isMark = (word: string): boolean =>
  SHARPNESS.has(word) ||
  TECHNICAL.has(word) ||
  BACKUP.has(word) ||
  TAG_ONLY.has(word) ||
  countryOfTag(foldLetters(word, 'a')) !== null

/** Takes a mark in; false: it is none. Countries count only where they are `apart` from the name. The first one wins. */
function take(marks: Marks, word: string, apart: boolean): boolean {
  const sharpness = SHARPNESS.get(word)
  if (sharpness !== undefined) marks.sharpness ??= sharpness
  else if (BACKUP.has(word)) marks.isBackup = true
  else if (!TECHNICAL.has(word)) {
    if (!apart) return false
    marks.country ??= countryOfTag(foldLetters(word, 'a'))
  }
  return true
}

function spell(words: readonly string[]): readonly string[] {
  const text = words
    .join(' ')
    .replaceAll('&', ' and ')
    .replace(/(?<=\S)\+|\+(?=\s?\d)/g, 'plus')
  const spellings = hasUmlauts(text) ? (['ae', 'a'] as const) : (['ae'] as const)
  return spellings
    .map((umlauts) =>
      withoutSigns(foldLetters(text, umlauts))
        .replace(/(?<=\d)\s+(?=\d)/g, '.') // "Sport 1 2" is not "Sport 12"
        .replace(/\s+/g, ''),
    )
    .filter((key) => key !== '')
}

const withoutSigns = (text: string): string => text.replace(/[^\p{L}\p{N}\s]/gu, '')

/** The words of a name in folded letters, without any other signs. */
export const wordsOf = ({ text }: ChannelName): readonly string[] =>
  withoutSigns(foldLetters(text, 'ae'))
    .split(/\s+/)
    .filter((word) => word !== '')
