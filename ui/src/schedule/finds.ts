import type { ChannelDoc } from '../../../core/linear/document.ts'
import type { Pool } from '../../../core/linear/document/pool.ts'

/** What smart filters of pools found, by the filter as it is written. */
export type Finds = ReadonlyMap<string, readonly string[]>

const keyOf = ({ query }: Pick<Pool, 'query'>): string => JSON.stringify(query)

const poolsOf = (doc: ChannelDoc): readonly Pool[] => doc.revisions.flatMap(({ pools }) => pools)

/** The finds that are written in a document. */
export const findsOf = (doc: ChannelDoc): Finds =>
  new Map(poolsOf(doc).flatMap((pool) => (pool.query === null ? [] : [[keyOf(pool), pool.items]])))

/** Everything that decides which media a document needs, as one text: it changes only when they have to be asked for anew. */
export const needsOf = (doc: ChannelDoc): string =>
  JSON.stringify([
    poolsOf(doc).map((pool) => (pool.query === null ? pool.items : pool.query)),
    doc.overrides.map(({ show }) => (show.kind === 'media' ? show.media : null)),
  ])

/** The document with the finds in its pools, so that it can be planned here. */
export function withFinds(doc: ChannelDoc, finds: Finds): ChannelDoc {
  const fill = (pool: Pool): Pool =>
    pool.query === null ? pool : { ...pool, items: [...(finds.get(keyOf(pool)) ?? pool.items)] }
  const [first, ...rest] = doc.revisions.map((revision) => ({ ...revision, pools: revision.pools.map(fill) }))
  return first === undefined ? doc : { ...doc, revisions: [first, ...rest] }
}
