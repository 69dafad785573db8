import { resolvePools } from '../../core/linear/catalogue.ts'
import { createCalendar } from '../../core/linear/civil-day.ts'
import { readChannelDoc } from '../../core/linear/document.ts'
import type { ChannelDoc } from '../../core/linear/document.ts'
import type { Revision } from '../../core/linear/document/revision.ts'
import { clockMs } from '../../core/linear/document/values.ts'
import type { MediaItem } from '../../core/library/media-item.ts'
import { stableHash } from '../../core/stable-hash.ts'
import type { StoredPublication } from '../store/schedule-store.ts'

/**
 * What is planned on a channel: its document with the files that its filters found when it was published. A file that comes
 * later is planned from the next day of the channel on, so that what is on and what the guide has said stays.
 */
export type Publication = { readonly key: string; readonly revisions: ChannelDoc['revisions'] }

const DAY_MS = 86_400_000
/** A library that changes every day for two months begins anew: what is on may change then, once. */
const MOST_REVISIONS = 60

/**
 * What is planned from now on. `before`: what was published last; null: nothing. `edition`: names the last edit; another one
 * is planned at once, with the files of this moment. What a scan found later holds from the next day on, or at once where a
 * pool had nothing to show. Gives `before` itself when nothing changed. Pure.
 */
export function publish(
  doc: ChannelDoc,
  items: readonly MediaItem[],
  { before, edition, now }: { readonly before: Publication | null; readonly edition: string; readonly now: number },
): Publication {
  const key = keyOf(doc, edition)
  const anew = (): Publication => ({ key, revisions: resolvePools(doc, items).revisions })
  if (before === null) return anew()
  if (before.key !== key) {
    const edited = keepBegun(doc, { before: before.revisions, after: anew().revisions, now })
    // What has been found since is planned as after a scan.
    return edited === null ? anew() : publish(doc, items, { before: { key, revisions: edited }, edition, now })
  }
  const tomorrow = nextDay(doc, now)
  const isLater = ({ from }: Revision): boolean => isAfter(doc, from, tomorrow)
  const inForce = before.revisions.findLast((revision) => !isLater(revision)) ?? before.revisions[0]
  const [first, ...rest] = before.revisions.flatMap((revision) =>
    revision === inForce && inForce.from !== tomorrow ? [revision, { ...revision, from: tomorrow }] : [revision],
  )
  const split: ChannelDoc = { ...doc, revisions: [first ?? inForce, ...rest] }
  const found = resolvePools(split, items, (revision) => revision.from === tomorrow || isLater(revision))
  const next = found.revisions.find(({ from }) => from === tomorrow)
  const later = before.revisions.filter(isLater)
  if (next === undefined || (isSame(next, inForce) && isSame(found.revisions.filter(isLater), later))) return before
  return hasGained(inForce, next) || found.revisions.length > MOST_REVISIONS
    ? anew()
    : { key, revisions: found.revisions }
}

/**
 * What an edit leaves as it was, and has begun, with the files that it was published with: who changes next week does not
 * change what is on. Null: there is nothing like that, or nothing was edited.
 */
function keepBegun(
  doc: ChannelDoc,
  { before, after, now }: Readonly<Record<'before' | 'after', ChannelDoc['revisions']>> & { readonly now: number },
): ChannelDoc['revisions'] | null {
  const calendar = calendarOf(doc)
  const startOf = ({ from }: Revision): number =>
    typeof from === 'number' ? from : calendar.startOf(Date.parse(from) / DAY_MS)
  let hasKept = false
  const [first, ...rest] = after.flatMap((revision, index) => {
    const following = after[index + 1]
    const until = following === undefined ? Infinity : startOf(following)
    const begun = before.filter(
      (one) => startOf(one) >= startOf(revision) && startOf(one) < until && startOf(one) <= now,
    )
    if (begun[0]?.from !== revision.from || !begun.every((one) => isSameWish(one, revision))) return [revision]
    hasKept = true
    return begun
  })
  // Who saves a document as it is wants what has been found since.
  const isEdited = after.some(
    (revision) => !before.some((one) => one.from === revision.from && isSameWish(one, revision)),
  )
  return hasKept && isEdited && first !== undefined ? [first, ...rest] : null
}

/** The document as it is planned. */
export const published = (doc: ChannelDoc, { revisions }: Publication): ChannelDoc => ({ ...doc, revisions })

/** What was stored of a channel; null: nothing, or nothing that this program can read. */
export function readPublication(doc: ChannelDoc, stored: StoredPublication | null): Publication | null {
  if (stored === null) return null
  try {
    const { revisions } = readChannelDoc({ ...doc, revisions: stored.revisions })
    return { key: stored.key, revisions }
  } catch {
    return null // of another version: it is published anew
  }
}

/** Names all that has a say in when something plays. */
const keyOf = ({ revisions, seed, zone, dayStart, anchorDay }: ChannelDoc, edition: string): string =>
  stableHash(JSON.stringify([revisions, seed, zone, dayStart, anchorDay, edition])).toString(36)

const calendarOf = ({ zone, dayStart }: ChannelDoc) => createCalendar(zone, clockMs(dayStart))

function nextDay(doc: ChannelDoc, now: number): string {
  return new Date((calendarOf(doc).dayOf(now) + 1) * DAY_MS).toISOString().slice(0, 10)
}

function isAfter(doc: ChannelDoc, from: Revision['from'], day: string): boolean {
  if (typeof from === 'string') return from > day
  return from > calendarOf(doc).startOf(Date.parse(day) / DAY_MS)
}

const isSame = (a: unknown, b: unknown): boolean => strip(a) === strip(b)
const strip = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => (key === 'from' ? undefined : inner))

/** Whether the same is wished, whatever filters have found. */
const isSameWish = (a: Revision, b: Revision): boolean => isSame(withoutFinds(a), withoutFinds(b))
const withoutFinds = (revision: Revision): Revision => ({
  ...revision,
  pools: revision.pools.map((pool) => (pool.query === null ? pool : { ...pool, items: [] })),
})

/** Whether a pool that had nothing to show has something now: nobody is to wait a day for a channel's first file. */
const hasGained = (before: Revision, after: Revision): boolean =>
  after.pools.some(
    ({ id, items }) => items.length > 0 && before.pools.some((pool) => pool.id === id && pool.items.length === 0),
  )
