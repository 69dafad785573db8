import { join } from 'node:path'
import * as v from 'valibot'
import type { MediaProbe } from '../probe/media-probe.ts'
import type { ItemStore } from '../store/item-store.ts'
import { fingerprintOf } from './fingerprint.ts'
import { walkedFile } from './walk-folder.ts'
import type { WalkedFile } from './walk-folder.ts'

const UNPROBED = 'facts is null and problem is null and missing_since is null'
const NEXT = `select key, path, bytes, modified_at from item where ${UNPROBED} and key > ? order by key limit 1`
const Next = v.object({ key: v.number(), path: v.string(), bytes: v.number(), modified_at: v.number() })

/** What came of looking into files. */
export type Probed = { broken: number; unfinished: number }

/** How many files nobody has looked into yet. */
export const unprobedFiles = (store: ItemStore): number =>
  Number(store.database.all(`select count(*) as n from item where ${UNPROBED}`)[0]?.['n'] ?? 0)

/**
 * Looks into every file that nobody has looked into, some at a time. A file that is not as it was when its folder was
 * read is still being written: it waits for the next scan. A file that is gone is no broken one.
 */
export async function probeFiles(
  store: ItemStore,
  root: string,
  options: {
    readonly probe: MediaProbe
    readonly atOnce: number
    readonly signal: AbortSignal
    readonly onDone: (done: number) => void
  },
): Promise<Probed> {
  const probed: Probed = { broken: 0, unfinished: 0 }
  let last = 0
  let done = 0
  const worker = async (): Promise<void> => {
    for (;;) {
      options.signal.throwIfAborted()
      const [row] = store.database.all(NEXT, last)
      if (row === undefined) return
      const next = v.parse(Next, row)
      last = next.key
      await probeOne(next)
      options.onDone(++done)
    }
  }
  const probeOne = async ({ key, path, bytes, modified_at }: v.InferOutput<typeof Next>): Promise<void> => {
    const isSame = (file: WalkedFile | null): boolean => file?.bytes === bytes && file.modifiedAt === modified_at
    const look = (): Promise<WalkedFile | null> => walkedFile(root, path).catch(() => null)
    if (!isSame(await look())) return void probed.unfinished++
    const place = join(root, path)
    const result = await options.probe.probe(place, options.signal)
    const fingerprint = result.kind === 'facts' ? await fingerprintOf(place) : null
    if (!isSame(await look())) return void probed.unfinished++
    store.database.quickTransaction(() => {
      if (result.kind === 'facts') store.setFacts(key, { ...result, fingerprint })
      else store.setProblem(key, result)
    })
    if (result.kind === 'problem') probed.broken++
  }
  const ends = await Promise.allSettled(Array.from({ length: options.atOnce }, worker))
  // All of them are over before anybody hears that one failed.
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return probed
}
