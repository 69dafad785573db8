import type { TapeFile, TapeStore } from '../../core/live/tape.ts'
import { concat } from '../core/live/synthetic-ts.ts'

/** A tape in memory, as the store sees it. */
export type MemoryTape = { readonly name: string; readonly parts: Uint8Array[]; dropped: number; isClosed: boolean }

/** A folder of tapes in memory whose disk can be full, broken or slow. */
export function memoryTapes(reelBytes = 188 * 1000) {
  const tapes: MemoryTape[] = []
  const disk = {
    /** Says what is wrong with it; null: nothing is. */
    refuses: null as string | null,
    /** Says what is wrong when it is read; null: nothing is. */
    unreadable: null as string | null,
    /** Takes nothing and says nothing. */
    hangs: false,
    room: Infinity,
  }
  const store: TapeStore = {
    reelBytes,
    room: () => Promise.resolve(disk.room),
    open(name): TapeFile {
      const tape: MemoryTape = { name, parts: [], dropped: 0, isClosed: false }
      tapes.push(tape)
      return {
        write(position, bytes) {
          if (disk.hangs) return new Promise(() => {})
          if (disk.refuses !== null) return Promise.reject(new Error(disk.refuses))
          if (position !== tape.parts.reduce((sum, { length }) => sum + length, 0))
            return Promise.reject(new Error('not written at the end'))
          tape.parts.push(bytes.slice())
          return Promise.resolve()
        },
        read(position, length) {
          if (disk.unreadable !== null) return Promise.reject(new Error(disk.unreadable))
          const bytes = concat(...tape.parts).slice(position, position + length)
          const isThere = bytes.length === length && position >= tape.dropped * reelBytes
          return isThere ? Promise.resolve(bytes) : Promise.reject(new Error('not there'))
        },
        drop(reel) {
          if (reel !== tape.dropped) return Promise.reject(new Error('not the first one'))
          tape.dropped += 1
          return Promise.resolve()
        },
        close() {
          tape.isClosed = true
          return Promise.resolve()
        },
      }
    },
  }
  return { store, tapes, disk }
}
