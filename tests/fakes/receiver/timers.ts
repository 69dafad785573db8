import type { Lease } from './frontends.ts'
import type { Service } from './model.ts'

/** A recording that was asked for. Times are epoch seconds. */
export type Timer = {
  readonly service: Service
  readonly name: string
  readonly description: string
  readonly begin: number
  readonly end: number
  readonly eit: number
  readonly justplay: boolean
  /** Monday is 1, Sunday 64; 0: once. */
  readonly repeated: number
  /** Blank-separated. */
  readonly tags: string
  readonly dirname: string | null
  readonly afterevent: number
  /** What it writes, without `.ts`. */
  filename: string | null
  disabled: boolean
  /** 0 waiting, 1 prepared, 2 running, 3 ended. */
  state: 0 | 1 | 2 | 3
  lease: Lease | null
}
