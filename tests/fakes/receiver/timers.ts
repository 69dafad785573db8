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
  disabled: boolean
  /** 0 waiting, 1 prepared, 2 running, 3 ended. */
  state: 0 | 1 | 2 | 3
  lease: Lease | null
}
