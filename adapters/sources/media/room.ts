import type { Library, LibraryState } from '../../../core/library/library.ts'
import { createStations } from '../../linear/stations.ts'
import type { StationChange, Stations } from '../../linear/stations.ts'
import type { LinearPorts, LinearRoom } from './linear-room.ts'
import type { MediaConfig } from './config.ts'

/** A library with its channels, opened once for all who ask. */
export type OpenRoom = LinearRoom &
  AsyncDisposable & {
    /** Null: nobody has asked for it yet. */
    state(): LibraryState | null
    /** Whether a channel has its pictures encoded anew. */
    needsEncoder(): boolean
    /** Whether the scan that begins now is to probe again what could not be read. */
    takeAgain(): boolean
  }

/** Makes the room of a library; nothing is opened before somebody asks. `onChange` hears what became of its channels, `onFiles` when files came, changed or went. */
export function createRoom(
  { id }: Pick<MediaConfig, 'id'>,
  parts: {
    readonly path: string
    readonly linear: LinearPorts
    readonly now: () => number
    readonly onChange: (change: StationChange, stations: Stations) => void
    readonly onFiles: () => void
  },
): OpenRoom {
  const { path, linear, now, onChange, onFiles } = parts
  const stack = new AsyncDisposableStack()
  let library: Library | null = null
  let open: Stations | null = null
  let isAgain = false
  let opening: Promise<{ readonly library: Library; readonly stations: Stations }> | null = null

  const begin = async () => {
    const opened = stack.use(linear.openLibrary({ id, path }))
    library = opened
    const stations = stack.use(
      createStations({
        library: opened,
        schedules: {
          of: () => linear.schedules.list().filter((schedule) => schedule.library === id),
          onChange: (listener) =>
            linear.schedules.onChange((change) => {
              if (change.library === id) listener()
            }),
        },
        store: linear.publications,
        now,
      }),
    )
    open = stations
    stack.defer(stations.onChange((change) => onChange(change, stations)))
    stack.defer(opened.onChange(onFiles))
    return { library: opened, stations }
  }
  const once = () => {
    if (stack.disposed) throw new TypeError('The library is closed')
    // Who comes after a failure tries again: a disk may be there by then.
    return (opening ??= begin().catch((error: unknown) => {
      opening = null
      throw error
    }))
  }

  return {
    library: async () => (await once()).library,
    stations: async () => (await once()).stations,
    state: () => library?.state() ?? null,
    needsEncoder: () => open?.all().some(({ doc }) => doc.house.mode === 'normalise') ?? true,
    probeAgain() {
      isAgain = true
    },
    takeAgain() {
      const again = isAgain
      isAgain = false
      return again
    },
    async [Symbol.asyncDispose]() {
      await opening?.catch(() => {}) // told to those who asked
      await stack.disposeAsync()
    },
  }
}
