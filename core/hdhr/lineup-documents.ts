import { m3uAttribute, m3uText } from '../lineup/m3u-write.ts'
import { escapeXml } from '../xml-text.ts'
import type { LineupEntry } from './lineup-entry.ts'

/** The forms in which devices give their line-up. */
export const LINEUP_FORMS = {
  json: { contentType: 'application/json; charset="utf-8"', write: writeJson },
  xml: { contentType: 'application/xml; charset="utf-8"', write: writeXml },
  m3u: { contentType: 'audio/x-mpegurl; charset=utf-8', write: writeM3u },
} as const

/** Name of a form: the ending of its address. */
export type LineupForm = keyof typeof LINEUP_FORMS

/** A line-up without channels is `[]`: Jellyfin breaks on anything else. */
function writeJson(entries: readonly LineupEntry[]): string {
  return JSON.stringify(entries)
}

function writeXml(entries: readonly LineupEntry[]): string {
  const programs = entries.map((entry) => {
    const fields = Object.entries(entry).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    return `<Program>${fields.join('')}</Program>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Lineup>${programs.join('')}</Lineup>\n`
}

function writeM3u(entries: readonly LineupEntry[]): string {
  const lines = entries.map(({ GuideNumber: number, GuideName, URL: url }) => {
    const name = m3uText(GuideName)
    const attributes = [
      m3uAttribute('channel-id', number),
      m3uAttribute('channel-number', number),
      m3uAttribute('tvg-name', name),
    ]
    return `#EXTINF:-1${attributes.join('')},${number} ${name}\n${url}\n`
  })
  return `#EXTM3U\n${lines.join('')}`
}
