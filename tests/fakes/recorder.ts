import { Failure } from '../../core/errors.ts'
import type { Recording } from '../../core/lineup/recording.ts'
import type { ProgrammeWish, Recorder, RecordingTimer, TimerWish } from '../../core/lineup/recording-timer.ts'

/** A timer of tomorrow evening. */
export const aTimer = (changes: Partial<RecordingTimer> = {}): RecordingTimer => ({
  id: 't1',
  name: 'The Show',
  description: '',
  serviceRef: '1:0:19:1:3EF:1:C00000:0:0:0:',
  channelName: 'Channel 1 as the box has it',
  beginsAt: Date.UTC(2026, 10, 22, 19, 15),
  endsAt: Date.UTC(2026, 10, 22, 20, 15),
  state: 'waiting',
  isEnabled: true,
  isZap: false,
  repeats: [],
  tags: [],
  folder: null,
  ...changes,
})

/** A finished recording. */
export const aRecording = (changes: Partial<Recording> = {}): Recording => ({
  id: 'r1',
  title: 'Der Film',
  subtitle: null,
  description: null,
  channelName: 'One',
  beginsAt: Date.UTC(2026, 10, 20, 19, 15),
  durationSeconds: 5400,
  sizeBytes: 4_000_000_000,
  isGrowing: false,
  tags: [],
  folder: 'movie',
  ...changes,
})

/** What a fake recorder was asked to do. */
export type RecorderCall =
  | { readonly did: 'add'; readonly wish: TimerWish }
  | { readonly did: 'addProgramme'; readonly wish: ProgrammeWish }
  | { readonly did: 'change'; readonly id: string; readonly change: Partial<TimerWish> }
  | { readonly did: 'remove'; readonly id: string }

/** A recorder in memory that writes down what it was asked; `failure` is what it answers to everything. */
export function createFakeRecorder(given: {
  readonly timers?: readonly RecordingTimer[]
  readonly recordings?: readonly Recording[]
  readonly failure?: Failure
}): Recorder & { readonly calls: RecorderCall[] } {
  const timers = [...(given.timers ?? [])]
  const calls: RecorderCall[] = []
  const check = (): void => {
    if (given.failure !== undefined) throw given.failure
  }
  const known = (id: string): RecordingTimer => {
    const found = timers.find((timer) => timer.id === id)
    if (found === undefined) throw new Failure('timer/unknown', 'The receiver has no such timer')
    return found
  }
  /** Readings of the receiver's clock are one hour ahead of UTC. */
  const instant = (time: number | string): number =>
    typeof time === 'number' ? time : Date.parse(`${time}Z`) - 3_600_000
  const keep = (timer: RecordingTimer): RecordingTimer => {
    timers.push(timer)
    return timer
  }
  return {
    calls,
    async recordings() {
      check()
      return given.recordings ?? []
    },
    async timers() {
      check()
      return {
        timers,
        folders: ['/media/hdd/movie/'],
        tags: ['film'],
        wallTime: (at) => new Date(at + 3_600_000).toISOString().slice(0, 16),
      }
    },
    async addTimer(wish) {
      check()
      calls.push({ did: 'add', wish })
      const { begin, end, ...rest } = wish
      return keep(aTimer({ ...rest, id: 'new', beginsAt: instant(begin), endsAt: instant(end) }))
    },
    async addProgramme(wish) {
      check()
      calls.push({ did: 'addProgramme', wish })
      const { start, stop, ...rest } = wish
      return keep(aTimer({ ...rest, id: 'new', beginsAt: start - 60_000, endsAt: stop + 300_000 }))
    },
    async changeTimer(id, change) {
      check()
      const timer = known(id)
      calls.push({ did: 'change', id, change })
      const { begin, end, ...rest } = change
      return keep({
        ...timer,
        ...rest,
        id: `${id}-changed`,
        beginsAt: begin === undefined ? timer.beginsAt : instant(begin),
        endsAt: end === undefined ? timer.endsAt : instant(end),
      })
    },
    async removeTimer(id) {
      check()
      known(id)
      calls.push({ did: 'remove', id })
    },
  }
}
