import type { Caller } from '../../core/access/caller.ts'
import { Failure } from '../../core/errors.ts'
import { endReasonOf } from '../../core/live/attendance.ts'
import type { Departure, EndReason } from '../../core/live/attendance.ts'
import type { ViewerMode, ViewerStatus } from '../../core/live/hub.ts'

/** Some players fetch the first playlist twice, one right behind the other. */
const TWIN_MS = 2000

/** Where a viewer is in one list. */
type Place = { last: number; needsClean: boolean }

/** Somebody who watches a session. */
export type HlsViewer = {
  readonly id: string
  readonly caller: Caller
  readonly mode: ViewerMode
  bytesOut: number
  /** Epoch milliseconds of the last request. */
  lastSeen: number
  /** A media playlist or a segment was asked for. */
  asked: boolean
  readonly places: Map<string, Place>
  /** By list: whether the viewer's start was named as the clean copy; what a list has said it goes on to say. */
  readonly named: Map<string, boolean>
  /** Names of the variants and renditions that were described to it. */
  variants: readonly string[]
}

/** Told who comes and goes; must not throw. */
export type HlsAttendance = {
  came(viewer: ViewerStatus): void
  left(id: string, departure: Departure): void
}

/** The people of one session. HLS has no connection: somebody watches as long as requests come. */
export class HlsAudience {
  readonly #session: string
  readonly #now: () => number
  readonly #attendance: HlsAttendance | null
  readonly #viewers = new Map<string, HlsViewer>()
  #last = 0

  /** `session`: its name, with which the ids of its viewers begin. */
  constructor(session: string, now: () => number, attendance: HlsAttendance | null = null) {
    this.#session = session
    this.#now = now
    this.#attendance = attendance
  }

  get isEmpty(): boolean {
    return this.#viewers.size === 0
  }

  /** Seats a new viewer. Two first lists without anything between are one viewer. */
  seat(caller: Caller, mode: ViewerMode = 'hls'): HlsViewer {
    const now = this.#now()
    const twin = [...this.#viewers.values()].find(
      (viewer) =>
        !viewer.asked &&
        viewer.lastSeen > now - TWIN_MS &&
        viewer.mode === mode &&
        viewer.caller.user === caller.user &&
        viewer.caller.address === caller.address,
    )
    if (twin) {
      twin.lastSeen = now
      return twin
    }
    this.#last += 1
    const id = `${this.#session}-${this.#last}`
    const viewer: HlsViewer = {
      id,
      caller,
      mode,
      bytesOut: 0,
      lastSeen: now,
      asked: false,
      places: new Map(),
      named: new Map(),
      variants: [],
    }
    this.#viewers.set(id, viewer)
    this.#attendance?.came(statusOf(viewer))
    return viewer
  }

  /** The viewer, who is here now. Fails with `hls/gone`. */
  viewer(id: string): HlsViewer {
    const viewer = this.#viewers.get(id)
    if (!viewer) throw new Failure('hls/gone', 'This viewer has left; ask for the channel again')
    viewer.lastSeen = this.#now()
    viewer.asked = true
    return viewer
  }

  /** Takes a viewer out; null if there is none of this id. */
  remove(id: string, reason: EndReason): HlsViewer | null {
    const viewer = this.#viewers.get(id) ?? null
    if (viewer !== null) this.#end(viewer, { reason, code: null })
    return viewer
  }

  /** Takes everybody out, because the session is over. */
  close({ code }: Failure): void {
    for (const viewer of this.#viewers.values()) this.#end(viewer, { reason: endReasonOf(code), code })
  }

  #end({ id, bytesOut }: HlsViewer, how: Omit<Departure, 'bytesOut'>): void {
    this.#viewers.delete(id)
    this.#attendance?.left(id, { ...how, bytesOut })
  }

  /** Takes those out who were not seen since this instant, epoch milliseconds. */
  removeIdle(since: number): void {
    for (const viewer of this.#viewers.values())
      if (viewer.lastSeen < since) this.#end(viewer, { reason: 'idle', code: null })
  }

  /** For the status. */
  status(): readonly ViewerStatus[] {
    return [...this.#viewers.values()].map(statusOf)
  }
}

const statusOf = ({ id, caller: { user, address, player }, mode, bytesOut }: HlsViewer): ViewerStatus => ({
  id,
  mode,
  user,
  address,
  ...(player !== undefined && { player }),
  bytesOut,
})

/**
 * How a viewer's start stands in a list: whether its clean copy is named there, and whether the player has still to be told
 * that it is in the middle. A start that has nothing before it is named; what a list has said it goes on to say.
 */
export function startIn(
  viewer: HlsViewer,
  list: string,
  { isFirst }: { readonly isFirst: boolean },
): { readonly isNamed: boolean; readonly isToBegin: boolean } {
  const isNamed = viewer.named.get(list) ?? isFirst
  viewer.named.set(list, isNamed)
  return { isNamed, isToBegin: !isNamed && !viewer.places.has(list) }
}

/** A file of a list as a viewer fetches it. */
export type Step = {
  /** Name of the list, one per delivery and variant. */
  readonly list: string
  /** Of the segment, or of the parts that are in the file: they count up by one from file to file. */
  readonly first: number
  readonly last: number
  /** A decoder may start with it. */
  readonly randomAccess: boolean
  /** The list says that this viewer starts here. */
  readonly isNamedClean: boolean
}

/**
 * Notes that the viewer fetches a file; tells whether the decoder starts with it. The list says so; or it is the first one
 * with a random access point behind a hole (a pause that was longer than the window), or fetched once more (a player that
 * recovers).
 */
export function startsWith(viewer: HlsViewer, { list, first, last, randomAccess, isNamedClean }: Step): boolean {
  const place = viewer.places.get(list) ?? { last: -2, needsClean: false }
  viewer.places.set(list, place)
  if (first !== place.last + 1) place.needsClean = true
  place.last = last
  const isClean = isNamedClean || (place.needsClean && randomAccess)
  if (isClean) place.needsClean = false
  return isClean
}
