import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { STORAGE_PARTS } from '../../core/system/system-desk.ts'
import type { StoragePart, SystemFacts } from '../../core/system/system-desk.ts'

/** More files than this are not counted. */
const MOST_FILES = 50_000

/** The part of the house that a path in the data folder belongs to. */
export function partOf(path: string): StoragePart {
  const [first = '', second = ''] = path.split(/[\\/]/)
  const name = first.replace(/-(wal|shm)$/, '')
  if (/^(downlink\.db|leases\.db|secret\.key|links\.keys)$/.test(name)) return 'house'
  if (name === 'guide.db' || first === 'guide') return 'guide'
  if (name === 'history.db') return 'history'
  if (first === 'cache') return second === 'time-shift' ? 'time-shift' : 'cache'
  return first === 'backups' ? 'backups' : 'other'
}

/** What the data folder holds, by part, and the room on its disk. `tapes`: where time shift is kept instead. */
export async function measureStorage(dataDir: string, tapes: string | null): Promise<SystemFacts['storage']> {
  const sums = new Map<StoragePart, number>(STORAGE_PARTS.map((part) => [part, 0]))
  let files = 0
  const walk = async (folder: string, inside: string, fixed: StoragePart | null): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`
      if (entry.isDirectory()) await walk(join(folder, entry.name), path, fixed)
      else if (entry.isFile() && files++ < MOST_FILES) {
        const part = fixed ?? partOf(path)
        // What is deleted meanwhile takes nothing.
        const size = await stat(join(folder, entry.name)).then(
          (found) => found.size,
          () => 0,
        )
        sums.set(part, (sums.get(part) ?? 0) + size)
      }
    }
  }
  await walk(dataDir, '', null)
  if (tapes !== null) await walk(tapes, '', 'time-shift')
  const { bavail, blocks, bsize } = await statfs(dataDir)
  const parts = STORAGE_PARTS.map((part) => ({ part, bytes: sums.get(part) ?? 0 }))
  return { parts, free: bavail * bsize, total: blocks * bsize }
}
