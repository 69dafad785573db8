import type { PanelChannel } from './model.ts'
import { wallTime } from './wall-clock.ts'

const HOUR_MS = 3_600_000
const LENGTH_MS = 45 * 60_000

/** A programme of the panel. */
export type PanelProgramme = {
  readonly id: number
  readonly start: number
  readonly stop: number
  readonly title: string
  readonly description: string
}

/** Programmes of a channel from two days ago to three days ahead, 45 minutes each; the same for the same time. */
export function programmesOf(channel: PanelChannel, now: number): readonly PanelProgramme[] {
  if (channel.guideId === null) return []
  const first = Math.floor((now - 48 * HOUR_MS) / LENGTH_MS)
  const last = Math.floor((now + 72 * HOUR_MS) / LENGTH_MS)
  return Array.from({ length: last - first }, (_, index) => {
    const number = first + index
    return {
      id: number,
      start: number * LENGTH_MS,
      stop: (number + 1) * LENGTH_MS,
      title: number % 7 === 0 ? 'News' : `${channel.name} – Folge ${number % 100}`,
      description: `Größe & Länge <${number}>\nZweite Zeile`,
    }
  })
}

/** A listing as `get_short_epg` and `get_simple_data_table` send it. */
export function listing(
  programme: PanelProgramme,
  channel: PanelChannel,
  timezone: string,
  dialect: 'x29' | 'xui' | 'sloppy',
) {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const seconds = (ms: number): number => Math.floor(ms / 1000)
  const common = {
    id: String(programme.id),
    epg_id: '5',
    lang: 'en',
    channel_id: channel.guideId,
    start: wallTime(programme.start, timezone),
  }
  if (dialect === 'sloppy')
    return {
      ...common,
      title: programme.title,
      description: programme.description,
      end: wallTime(programme.stop, timezone),
    }
  const texts = { title: base64(programme.title), description: base64(programme.description) }
  const stamps = { start_timestamp: String(seconds(programme.start)), stop_timestamp: String(seconds(programme.stop)) }
  // XUI leaves an epoch number in `end` and adds `stop` as text.
  return dialect === 'xui'
    ? { ...common, ...texts, ...stamps, end: seconds(programme.stop), stop: wallTime(programme.stop, timezone) }
    : { ...common, ...texts, ...stamps, end: wallTime(programme.stop, timezone), now_playing: 0, has_archive: 0 }
}

/** The guide document of all channels, in pieces, programmes by channel. */
export function* guideDocument(channels: readonly PanelChannel[], now: number): Generator<string> {
  yield '<?xml version="1.0" encoding="utf-8" ?><!DOCTYPE tv SYSTEM "xmltv.dtd">\n<tv generator-info-name="panel">\n'
  const listed = channels.filter(({ guideId }) => guideId !== null)
  for (const { guideId, name } of listed)
    yield `<channel id="${guideId}"><display-name>${escape(name)}</display-name></channel>\n`
  for (const channel of listed) {
    for (const { start, stop, title, description } of programmesOf(channel, now))
      yield `<programme start="${xmltvTime(start)}" stop="${xmltvTime(stop)}" channel="${channel.guideId}"><title lang="en">${escape(title)}</title><desc>${escape(description)}</desc></programme>\n`
  }
  yield '</tv>\n'
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const xmltvTime = (instant: number): string => `${new Date(instant).toISOString().replaceAll(/[-:T]|\..*/g, '')} +0000`
