import type { StreamStatus } from './hub.ts'

/** What has flowed since the program began; it only rises. */
export type Traffic = {
  readonly bytesIn: number
  readonly bytesOut: number
  /** Lost packets. */
  readonly errors: number
  /** Changes to another stream, by the code of why. */
  readonly switches: ReadonlyMap<string, number>
}

type Seen = Pick<StreamStatus, 'bytesIn' | 'bytesOut' | 'continuityErrors' | 'switchCount'>
const NOTHING: Seen = { bytesIn: 0, bytesOut: 0, continuityErrors: 0, switchCount: 0 }

/** Adds up what streams count for themselves, which end with them. Look once a second: what comes later is lost. */
export class TrafficCounters {
  #seen = new Map<string, Seen>()
  #bytesIn = 0
  #bytesOut = 0
  #errors = 0
  readonly #switches = new Map<string, number>()

  look(streams: readonly Pick<StreamStatus, keyof Seen | 'channelId' | 'startedAt' | 'switches'>[]): void {
    const next = new Map<string, Seen>()
    for (const stream of streams) {
      // A channel that is opened again counts from zero.
      const key = `${stream.channelId}@${stream.startedAt}`
      const before = this.#seen.get(key) ?? NOTHING
      const rise = (name: keyof Seen): number => Math.max(0, stream[name] - before[name])
      this.#bytesIn += rise('bytesIn')
      // Viewers of HLS take their count with them when they leave.
      this.#bytesOut += rise('bytesOut')
      this.#errors += rise('continuityErrors')
      const changes = rise('switchCount')
      for (const { code } of changes === 0 ? [] : stream.switches.slice(-changes))
        this.#switches.set(code, (this.#switches.get(code) ?? 0) + 1)
      next.set(key, stream)
    }
    this.#seen = next
  }

  read(): Traffic {
    return {
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      errors: this.#errors,
      switches: new Map(this.#switches),
    }
  }
}

/** Port: counters of the whole house, and how hard the process works. */
export interface HouseMeter {
  traffic(): Traffic
  load(): {
    /** Of all cores, since the process began. */
    readonly cpuSeconds: number
    readonly memoryBytes: number
    /** How late timers were at worst within the last second; null: not known. */
    readonly loopDelayMs: number | null
  }
}
