import type { Library } from '../../../core/library/library.ts'
import type { SourceId } from '../../../core/lineup/stream.ts'
import type { Upstream, UpstreamSink } from '../../../core/live/upstream.ts'
import type { ScheduleKeeper } from '../../linear/schedule-keeper.ts'
import type { Station, StationStore } from '../../linear/station.ts'
import type { StationChange, Stations } from '../../linear/stations.ts'

/** Port of a library: makes what a channel plays, as one endless MPEG-TS in real time. */
export interface ChannelPlayout {
  /**
   * Begins to send; resolves when the first bytes are on their way. `sink.end` says what broke; what cannot be shown is a
   * slate and no end. Fails with `live/silent`, `ffmpeg/missing`.
   */
  open(sink: UpstreamSink, signal: AbortSignal): Promise<Pick<Upstream, 'close'>>
}

/** What a library needs of the house beside what every source does. */
export type LinearPorts = {
  openLibrary(source: { readonly id: SourceId; readonly path: string }): Library
  readonly schedules: Pick<ScheduleKeeper, 'list' | 'onChange'>
  /** Hears what became of a channel of a library. */
  changed(library: SourceId, change: StationChange): void
  /** Hears when files of a library came, changed or went. */
  filesChanged(library: SourceId): void
  readonly publications: StationStore
  playoutOf(channel: {
    readonly source: SourceId
    readonly station: Station
    readonly library: Library
    /** Absolute path of the library's folder. */
    readonly folder: string
  }): ChannelPlayout
  /** How many channels may be encoded at a time; null: no limit. */
  encoderLimit(): number | null
  /** Whether FFmpeg and an encoder are there. */
  canPlay(): boolean
}

/** What a library offers the house beside its ports as a source. It is opened when somebody asks first. */
export interface LinearRoom {
  library(): Promise<Library>
  stations(): Promise<Stations>
  /** The next scan also probes once more what could not be read. */
  probeAgain(): void
}
