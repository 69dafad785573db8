import { stableHash } from '../stable-hash.ts'
import type { Pace } from '../steps.ts'
import { nameOf } from './content.ts'
import type { ContentName } from './content.ts'
import { cutByContent } from './cut.ts'
import { MAX_PART_BYTES } from './manifest.ts'
import type { Manifest, ManifestPart } from './manifest.ts'
import { pack } from './pack.ts'
import type { SnapshotPart } from './part.ts'
import type { PublisherKey } from './publisher-key.ts'
import { readContent } from './read-part.ts'
import { signManifest } from './signed-manifest.ts'
import type { SignedManifest } from './signed-manifest.ts'
import { createSiteShelf } from './site-shelf.ts'
import { sweepShelves } from './publish-desk.ts'
import type { SnapshotStore } from './store.ts'

/** A signed manifest with its meaning. `parts` is the same text for the same parts, whenever they were signed. */
export type Published = { readonly signed: SignedManifest; readonly manifest: Manifest; readonly parts: string }

/** What this house publishes, made and kept on its own disk. */
export interface Publication {
  readonly site: string
  /** Texts that are another one exactly when a part has changed, by its name. */
  versions(): Promise<ReadonlyMap<string, string>>
  /** Brings it up to date; parts that did not change are not written again. Fails with `signal`'s reason, or as parts do. */
  refresh(signal: AbortSignal): Promise<Published>
  /** Signs the same parts again, with a sequence number above `least`. */
  renew(least: number): Promise<Published>
  /** Null: not (yet, or any more) part of it. */
  content(name: ContentName): Promise<Uint8Array<ArrayBuffer> | null>
}

/** What publishing needs. The store is of this house alone. */
export type PublicationParts = {
  readonly site: string
  readonly key: PublisherKey
  readonly store: SnapshotStore
  readonly parts: readonly SnapshotPart[]
  readonly pace: Pace
  readonly now: () => number
}

const utf8 = new TextEncoder()

/** The publication of a house. What the disk still has of an earlier run is not made again. */
export function createPublication({ site, key, store, parts, pace, now }: PublicationParts): Publication {
  const shelf = createSiteShelf({ site, publishers: [key.id], store, now })
  let known: Published | null = null
  /** Versions count within a run only: revisions may begin anew with the process. */
  const written = new Map<string, ManifestPart>()
  let line: Promise<unknown> = Promise.resolve()

  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const done = line.then(work, work)
    line = done.catch(() => {})
    return done
  }

  const versions = async (): Promise<ReadonlyMap<string, string>> => {
    const pairs = parts.map(async (part): Promise<[string, string]> => {
      const { revision, view } = await part.version()
      return [part.name, stableHash(JSON.stringify([revision, ...view])).toString(36)]
    })
    return new Map(await Promise.all(pairs))
  }

  const write = async (part: SnapshotPart, version: string, signal: AbortSignal): Promise<ManifestPart> => {
    const contents: ContentName[] = []
    let length = 0
    for await (const piece of cutByContent(bytesOf(await part.write(), pace, signal))) {
      length += piece.length
      if (length > MAX_PART_BYTES) throw new RangeError(`The ${part.name} has more than ${MAX_PART_BYTES} bytes`)
      const packed = await pack(piece)
      const name = await nameOf(packed)
      await store.put(name, packed)
      contents.push(name)
    }
    return { version, length, contents }
  }

  const publish = async (next: Manifest['parts'], least: number): Promise<Published> => {
    const sequence = Math.max(now(), least + 1, (known?.manifest.sequence ?? 0) + 1)
    const manifest: Manifest = { site, sequence, time: now(), parts: next }
    const signed = await signManifest(key, manifest)
    const { kind } = await shelf.offer(signed, 'pull')
    if (kind !== 'taken') throw new Error(`The own store does not take what is published: ${kind}`)
    await sweepShelves(store, [shelf], now())
    known = { signed, manifest, parts: textOf(next) }
    return known
  }

  /** What was published last, by this run or the one before. */
  const recall = async (): Promise<Published | null> => {
    if (known !== null) return known
    const last = (await shelf.current())?.newest
    return last === undefined ? null : { ...last, parts: textOf(last.manifest.parts) }
  }

  return {
    site,
    versions,
    refresh: (signal) =>
      inLine(async () => {
        const last = await recall()
        for (const part of parts) {
          const version = (await versions()).get(part.name) ?? ''
          if (written.get(part.name)?.version !== version) written.set(part.name, await write(part, version, signal))
        }
        const next = Object.fromEntries(written)
        if (last === null || last.parts !== textOf(next)) return publish(next, last?.manifest.sequence ?? 0)
        known = last
        return last
      }),
    renew: (least) =>
      inLine(async () => {
        if (written.size < parts.length) throw new Error('Nothing was published yet that could be signed again')
        return publish(Object.fromEntries(written), Math.max(least, (await recall())?.manifest.sequence ?? 0))
      }),
    content: (name) => readContent(store, name),
  }
}

const textOf = (parts: Manifest['parts']): string =>
  JSON.stringify(Object.entries(parts).map(([name, { contents }]) => [name, contents]))

async function* bytesOf(
  pieces: Iterator<string> | AsyncIterator<string>,
  { sliceMs, now, giveWay }: Pace,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let until = now() + sliceMs
  try {
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
      signal.throwIfAborted()
      yield utf8.encode(next.value)
      if (now() < until) continue
      await giveWay()
      until = now() + sliceMs
    }
  } finally {
    await pieces.return?.()
  }
}
