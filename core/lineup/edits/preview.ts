import type { Channel, ChannelId } from '../channel.ts'
import type { Lineup } from '../lineup.ts'

/** What an owner sees of a channel in a preview. */
export type PreviewSide = Pick<Channel, 'number' | 'name' | 'enabled' | 'groups'> & { readonly streams: number }

/** A channel before and after an edit; null: it is not there. */
export type PreviewRow = {
  readonly id: ChannelId
  readonly before: PreviewSide | null
  readonly after: PreviewSide | null
}

/** What an edit would do to what viewers see. */
export type Preview = {
  /** Channels that would look different, be new, or be gone. */
  readonly changed: number
  readonly added: number
  readonly removed: number
  /** The first ones of all these, in order of key. */
  readonly rows: readonly PreviewRow[]
}

const MOST_ROWS = 50

/** Compares two line-ups as viewers see them; both are in order of key. */
export function previewChange(before: Lineup, after: Lineup): Preview {
  const old = new Map(before.channels.map((channel) => [channel.key, channel]))
  const rows: PreviewRow[] = []
  const counts = { changed: 0, added: 0, removed: 0 }
  const note = (what: keyof typeof counts, id: ChannelId, sides: Pick<PreviewRow, 'before' | 'after'>): void => {
    counts[what]++
    if (rows.length < MOST_ROWS) rows.push({ id, ...sides })
  }
  for (const channel of after.channels) {
    const known = old.get(channel.key)
    old.delete(channel.key)
    if (known === undefined) note('added', channel.id, { before: null, after: sideOf(channel) })
    else if (known !== channel) {
      const sides = { before: sideOf(known), after: sideOf(channel) }
      if (JSON.stringify(sides.before) !== JSON.stringify(sides.after)) note('changed', channel.id, sides)
    }
  }
  for (const channel of old.values()) note('removed', channel.id, { before: sideOf(channel), after: null })
  return { ...counts, rows }
}

const sideOf = ({ number, name, enabled, groups, streams }: Channel): PreviewSide => ({
  number,
  name,
  enabled,
  groups,
  streams: streams.length,
})
