import type { PlaybackFailure } from './failure.ts'
import type { SoundChoice, SoundWish } from './sound-track.ts'

/** What an engine tells while it plays. */
export type EngineEvents = {
  /** Once at most; the engine is of no use afterwards and is closed by its owner. */
  failed(failure: PlaybackFailure): void
  /** Media bytes arrive (at least once). */
  data(): void
  /** Codecs became known, by our names; null: none of that kind or unknown. */
  codecs(codecs: { readonly picture: string | null; readonly sound: string | null }): void
  /** The address whose DELETE tells the gateway that this viewer has left. */
  seat(url: string): void
  /** Tracks of sound to choose from, and each time that another is heard. */
  sound(choice: SoundChoice): void
}

/** What an engine knows beyond the video element. Null: unknown. */
export type EngineFacts = {
  /** Distance to the live edge. */
  readonly latencySeconds: number | null
  readonly bitrateKbps: number | null
}

/** A running way of playing. `close()` is idempotent and lets go of the video element. */
export interface Engine {
  facts(): EngineFacts
  /** Lets another track be heard; one that is not there changes nothing. */
  chooseSound(id: string): void
  close(): void
}

/** The quality that is asked for when this browser cannot decode what is sent. */
export type ConvertedQuality = '720p'

/** Opens a mode on a video element. */
export type OpenEngine = (request: {
  readonly video: HTMLVideoElement
  readonly channelId: string
  /** Ask for a picture that the gateway has converted; null: as it is sent. */
  readonly converted: ConvertedQuality | null
  /** The sound to begin with, where the channel has such; null: its own first track. */
  readonly wish: SoundWish | null
  readonly events: EngineEvents
}) => Promise<Engine>
