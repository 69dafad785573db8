import type { PastSpan } from '../past.ts'
import type { M3uCatchup } from './entry.ts'

/** What an address of the past is made with. Instants are epoch milliseconds. */
export type CatchupMoment = {
  readonly span: PastSpan
  readonly now: number
  /** What the provider's wall clock is ahead of UTC at an instant, milliseconds: for times that are spelled out. */
  readonly offsetAt: (instant: number) => number
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** `http://host/[path/][live/]user/password/id[.ts|.m3u8]`; the path before it stays. */
const PANEL = /^(https?:\/\/[^/]+)((?:\/[^/?]+)*?)(?:\/live)?\/([^/?]+)\/([^/?]+)\/([^/?.]+)(\.ts|\.m3u8?)?(\?.*)?$/i
/** A server that names its streams: `…/{channel}/index.m3u8`, `…/{channel}/mpegts`. */
const FLUSSONIC = /^(https?:\/\/[^/]+\/[^?]*)\/([^/?]*?)(mpegts|\.m3u8)(\?.*)?$/i
const FLUSSONIC_ANY = /^(https?:\/\/[^/]+\/[^?]*)\/[^/?]*(\?.*)?$/i

/**
 * The address at which a channel of a list shows a stretch of its past; null: the list does not say how to ask for it.
 *
 * `url` is the channel's own address. Servers of kind `xc` keep whole minutes: the stretch grows to them. Those of kind
 * `flussonic` are told no end.
 * Source: protocols/m3u-xmltv.md A4 (kodi-pvr/pvr.iptvsimple: src/iptvsimple/data/Channel.cpp, CatchupController.cpp).
 */
export function catchupAddress(catchup: M3uCatchup, url: string, moment: CatchupMoment): string | null {
  const template = templateOf(catchup, url)
  if (template === null || template.includes('{catchup-id}')) return null
  const correctionMs = (catchup.correctionHours ?? 0) * HOUR_MS
  const { from, to } = catchup.type === 'xc' ? toMinutes(moment.span) : moment.span
  return fill(template, { ...moment, span: { from: from - correctionMs, to: to - correctionMs } })
}

/** Whether the list says how to ask for the past of a channel. */
export const hasCatchupAddress = (catchup: M3uCatchup, url: string): boolean =>
  catchupAddress(catchup, url, { span: { from: 0, to: 1 }, now: 1, offsetAt: () => 0 }) !== null

const toMinutes = ({ from, to }: PastSpan): PastSpan => ({
  from: Math.floor(from / MINUTE_MS) * MINUTE_MS,
  to: Math.ceil(to / MINUTE_MS) * MINUTE_MS,
})

function templateOf({ type, source }: M3uCatchup, url: string): string | null {
  switch (type) {
    case 'default':
      return source === null ? null : isAddress(source) ? source : url + source
    case 'append':
      return source === null ? null : url + source
    case 'shift':
    case 'timeshift':
      return `${url}${url.includes('?') ? '&' : '?'}utc={utc}&lutc={lutc}`
    case 'flussonic':
    case 'flussonic-hls':
      return flussonic(url, false)
    case 'flussonic-ts':
    case 'fs':
      return flussonic(url, true)
    case 'xc':
      return panel(url)
    default:
      // `vod` names what the guide of Kodi alone has; the rest is not known to anybody.
      return type === 'vod' && source !== null && isAddress(source) ? source : null
  }
}

const isAddress = (text: string): boolean => /^https?:\/\//i.test(text)

function flussonic(url: string, isTs: boolean): string | null {
  const [, base, list, form, query = ''] = FLUSSONIC.exec(url) ?? []
  if (base !== undefined && form !== undefined) {
    if (form.toLowerCase() === 'mpegts') return `${base}/timeshift_abs-\${start}.ts${query}`
    const name = list === 'index' || list === '' || list === undefined ? '' : `${list}-`
    return `${base}/${name}timeshift_rel-{offset:1}.m3u8${query}`
  }
  const [, any, rest = ''] = FLUSSONIC_ANY.exec(url) ?? []
  if (any === undefined) return null
  return `${any}/${isTs ? 'timeshift_abs-${start}.ts' : 'timeshift_rel-{offset:1}.m3u8'}${rest}`
}

function panel(url: string): string | null {
  const [, host, path = '', user, password, id, ending, query = ''] = PANEL.exec(url) ?? []
  if (host === undefined || user === undefined || password === undefined || id === undefined) return null
  const form = ending === undefined ? '.ts' : ending
  return `${host}${path}/timeshift/${user}/${password}/{duration:60}/{Y}-{m}-{d}:{H}-{M}/${id}${form}${query}`
}

const SPECIFIER = /\$?\{([A-Za-z]+)(?::([^{}]*))?\}/g

/** Puts times where the template names them; what it does not know stays as it is. */
function fill(template: string, { span, now, offsetAt }: CatchupMoment): string {
  const instants = new Map([
    ['utc', span.from],
    ['start', span.from],
    ['utcend', span.to],
    ['end', span.to],
    ['lutc', now],
    ['now', now],
    ['timestamp', now],
  ])
  const lengths = new Map([
    ['duration', span.to - span.from],
    ['offset', now - span.from],
  ])
  return template.replace(SPECIFIER, (whole: string, name: string, format: string | undefined) => {
    const instant = instants.get(name)
    if (instant !== undefined)
      return format === undefined ? String(Math.floor(instant / 1000)) : spell(format, instant + offsetAt(instant))
    const length = lengths.get(name)
    if (length !== undefined) return inUnits(length, format) ?? whole
    return /^[YmdHMS]$/.test(name) && format === undefined ? spell(name, span.from + offsetAt(span.from)) : whole
  })
}

/** A length in units of so many seconds, whole ones. */
function inUnits(ms: number, format = '1'): string | null {
  const unit = /^\d{1,9}$/.test(format) ? Number(format) : 0
  return unit === 0 ? null : String(Math.max(0, Math.floor(ms / 1000 / unit)))
}

const PLACES: Readonly<Record<string, readonly [from: number, to: number]>> = {
  Y: [0, 4],
  m: [5, 7],
  d: [8, 10],
  H: [11, 13],
  M: [14, 16],
  S: [17, 19],
}

/** A reading of a wall clock (as if it were UTC) by letters: `Y-m-d` and so on. */
function spell(format: string, reading: number): string {
  const text = new Date(reading).toISOString()
  return format.replace(/[YmdHMS]/g, (letter) => text.slice(...(PLACES[letter] ?? [0, 0])))
}
