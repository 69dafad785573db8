import type { Recording } from './model.ts'
import type { Timer } from './timers.ts'

/** What a recording grows by, bytes a second: little, so that tests stay small. */
const BYTES_PER_SECOND = 188 * 50

/** A file that grows, or was written by the box itself. */
type Written = {
  recording: Recording
  size: number
  isGrowing: boolean
  readonly timer: Timer | null
  lastGrownMs: number
}

/** The disk of the box: the recordings it came with, and those it makes. */
export interface Disk {
  readonly locations: readonly string[]
  /** `seconds` is 0 for one that grows: nobody knows its length. */
  list(): readonly { readonly recording: Recording; readonly size: number; readonly isGrowing: boolean }[]
  /** The file; null: there is none. `content` null: the clip of its service. */
  file(path: string): { readonly recording: Recording; readonly content: Uint8Array | null } | null
  /** Lays a file of so many bytes there, which grows by `grow` only. */
  put(recording: Recording, size: number, options?: { readonly isGrowing?: boolean }): void
  grow(path: string, bytes: number): void
  finish(path: string): void
  remove(path: string): void
  /** A timer begins to record. */
  begin(timer: Timer): void
  end(timer: Timer): void
}

/** Byte n of every file that the box writes: packets of 188 bytes that begin with the sync byte. */
export const diskByte = (n: number): number => (n % 188 === 0 ? 0x47 : n % 251)

/** Makes the disk. */
export function createDisk(recordings: readonly Recording[], now: () => number): Disk {
  const locations = ['/media/hdd/movie/', '/media/usb/movie/']
  const shipped = [...recordings]
  const written = new Map<string, Written>()

  const refresh = (): void => {
    for (const one of written.values()) {
      if (!one.isGrowing || one.timer === null) continue
      const seconds = Math.max(0, now() - one.lastGrownMs) / 1000
      one.size += Math.floor(seconds) * BYTES_PER_SECOND
      one.lastGrownMs += Math.floor(seconds) * 1000
    }
  }

  return {
    locations,
    list() {
      refresh()
      return [
        ...shipped.map((recording) => ({ recording, size: recording.seconds * 200_000, isGrowing: false })),
        ...[...written.values()].map(({ recording, size, isGrowing }) => ({ recording, size, isGrowing })),
      ]
    },
    file(path) {
      refresh()
      const own = written.get(path)
      if (own !== undefined)
        return { recording: own.recording, content: Uint8Array.from({ length: own.size }, (_, n) => diskByte(n)) }
      const recording = shipped.find((one) => one.file === path)
      return recording === undefined ? null : { recording, content: null }
    },
    put(recording, size, { isGrowing = false } = {}) {
      written.set(recording.file, { recording, size, isGrowing, timer: null, lastGrownMs: now() })
    },
    grow(path, bytes) {
      const one = written.get(path)
      if (one !== undefined) one.size += bytes
    },
    finish(path) {
      const one = written.get(path)
      if (one !== undefined) one.isGrowing = false
    },
    remove: (path) => void written.delete(path),
    begin(timer) {
      const folder = timer.dirname ?? locations[0] ?? '/'
      const day = new Date(now()).toISOString().replace(/[-:]/g, '')
      timer.filename = `${folder}${day.slice(0, 8)} ${day.slice(9, 13)} - ${timer.service.name} - ${timer.name}`
      const { service, name: title, description, tags } = timer
      const recording = { file: `${timer.filename}.ts`, service, title, description, tags, beginMs: now(), seconds: 0 }
      written.set(recording.file, { recording, size: 0, isGrowing: true, timer, lastGrownMs: now() })
    },
    end(timer) {
      refresh()
      const own = [...written.values()].find((one) => one.timer === timer)
      if (own === undefined) return
      own.isGrowing = false
      own.recording = { ...own.recording, seconds: Math.round((now() - own.recording.beginMs) / 1000) }
    },
  }
}
