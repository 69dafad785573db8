import { DecoderComplaints } from './decoder-complaints.ts'
import { Tally } from './tally.ts'
import type { TallyReading } from './tally.ts'

/** What has been counted of the work on pictures and sound. */
export type WorkReading = {
  /** FFmpeg processes that make AAC. */
  readonly sidecars: TallyReading
  /** FFmpeg processes that convert pictures. */
  readonly transcoders: TallyReading
  readonly hlsSessions: TallyReading
  /** Broken frames that FFmpeg met in what it decoded. */
  readonly decoderErrors: number
}

/** Counts the work on pictures and sound of a house. */
export class WorkCounts {
  readonly sidecars = new Tally()
  readonly transcoders = new Tally()
  readonly hlsSessions = new Tally()
  readonly complaints = new DecoderComplaints()

  read(): WorkReading {
    return {
      sidecars: this.sidecars.read(),
      transcoders: this.transcoders.read(),
      hlsSessions: this.hlsSessions.read(),
      decoderErrors: this.complaints.total,
    }
  }
}
