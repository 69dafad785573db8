import { stretchesOf } from '../../core/linear/stretches.ts'
import type { Stretch } from '../../core/linear/stretches.ts'
import type { ProgrammeLine } from '../../core/linear/line.ts'
import type { PlanItem } from '../../core/linear/plan-item.ts'

/** The plan is asked for so much at a time, milliseconds: 1 s back, 60 s ahead. */
const BACK_MS = 1000
const AHEAD_MS = 60_000

/** The stretches around the present, as planned now. Asks the plan only when it has changed or time has passed. */
export class PlanWindow implements Disposable {
  readonly #line: ProgrammeLine
  readonly #quantum: number
  readonly #stopListening: () => void
  #items: readonly PlanItem[] = []
  #from = 0
  #to = 0

  constructor(line: ProgrammeLine, quantum: number) {
    this.#line = line
    this.#quantum = quantum
    this.#stopListening = line.onChange(() => (this.#to = 0))
  }

  /** What overlaps this part of the line (ticks; less than 50 s); `shift` as of `LineClock`. */
  stretches(from: number, to: number, shift: number): readonly Stretch[] {
    const fromMs = Math.floor((from - shift) / 90)
    const toMs = Math.ceil((to - shift) / 90)
    if (fromMs < this.#from || toMs > this.#to) {
      this.#from = fromMs - BACK_MS
      this.#to = fromMs + AHEAD_MS
      this.#items = this.#line.items(this.#from, this.#to)
    }
    return stretchesOf(this.#items, { quantum: this.#quantum, shift }).filter(
      (stretch) => stretch.to > from && stretch.from < to,
    )
  }

  [Symbol.dispose](): void {
    this.#stopListening()
  }
}
