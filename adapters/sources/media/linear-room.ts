import type { Library } from '../../../core/library/library.ts'
import type { SourceId } from '../../../core/lineup/stream.ts'
import type { UpstreamSink } from '../../../core/live/upstream.ts'
import type { ScheduleKeeper } from '../../linear/schedule-keeper.ts'
import type { Station, StationStore } from '../../linear/station.ts'
import type { StationChange, Stations } from '../../linear/stations.ts'

/** Port of a library: makes what a channel plays, as one endless MPEG-TS in real time. */
export interface Playout {
  /**
   * Begins to send; resolves when the first bytes are on their way. `sink.end` says what broke; what cannot be shown is a
   * slate and no end. Fails with `live/no-slot` when too many channels are encoded already, `ffmpeg/missing`.
   */
  start(sink: UpstreamSink, signal: AbortSignal): Promise<{ close(): void }>
}

/** What a library needs of the house beside what every source does. */
export type LinearPorts = {
  openLibrary(source: { readonly id: SourceId; readonly name: string; readonly path: string }): Promise<Library>
  readonly schedules: Pick<ScheduleKeeper, 'list' | 'onChange'>
  /** Hears what became of a channel of a library. */
  changed(library: SourceId, change: StationChange): void
  /** Hears when files of a library came, changed or went. */
  filesChanged(library: SourceId): void
  readonly publications: StationStore
  playoutOf(station: Station, library: Library): Playout
  /** How many channels may be encoded at a time; null: no limit. */
  encoderLimit(): number | null
  /** Sentences about what is missing for playing: FFmpeg, an encoder. */
  notices(): readonly string[]
}

/** What a library offers the house beside its ports as a source. It is opened when somebody asks first. */
export interface LinearRoom {
  library(): Promise<Library>
  stations(): Promise<Stations>
}
