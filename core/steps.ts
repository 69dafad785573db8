/**
 * Work that can be interrupted: it yields after every little piece, so that whoever runs it says when others have their
 * turn. Nothing of it is seen before it is done.
 */
export type Steps<T> = Generator<void, T, void>

/** How work in slices gives way to others. */
export type Pace = {
  /** How long it goes on at a time. */
  readonly sliceMs: number
  /** Milliseconds of a clock that is never set. */
  readonly now: () => number
  /** Resolves when all others that wait have had their turn. */
  readonly giveWay: () => Promise<unknown>
}

/** Does all of it now. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** Does it bit by bit beside others. What `giveWay` fails with ends it. */
export async function inSlices<T>(steps: Steps<T>, { sliceMs, now, giveWay }: Pace): Promise<T> {
  let until = now() + sliceMs
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (now() < until) continue
    await giveWay()
    until = now() + sliceMs
  }
}

/** Looking at the clock costs as much as a little work: members between two looks. What is done with one takes microseconds. */
const MEMBERS_A_STEP = 32

/** Does something with each member of a list, in order. */
export function* eachInSteps<T>(all: Iterable<T>, work: (one: T, index: number) => void): Steps<void> {
  let index = 0
  for (const one of all) {
    work(one, index)
    index++
    if (index % MEMBERS_A_STEP === 0) yield
  }
}

/** A list made of another one, member by member. */
export function* mapInSteps<T, R>(all: Iterable<T>, make: (one: T, index: number) => R): Steps<R[]> {
  const made: R[] = []
  yield* eachInSteps(all, (one, index) => void made.push(make(one, index)))
  return made
}

/** So many members are put in order at once. */
const SORTED_A_STEP = 256

/** The members in order, equal ones as they were; `list.toSorted` step by step. */
export function* sortInSteps<T>(all: readonly T[], compare: (a: T, b: T) => number): Steps<readonly T[]> {
  let runs: (readonly T[])[] = []
  for (let at = 0; at < all.length; at += SORTED_A_STEP) {
    runs.push(all.slice(at, at + SORTED_A_STEP).toSorted(compare))
    yield
  }
  while (runs.length > 1) {
    const merged: (readonly T[])[] = []
    for (let at = 0; at < runs.length; at += 2) merged.push(yield* merge(runs[at] ?? [], runs[at + 1] ?? [], compare))
    runs = merged
  }
  return runs[0] ?? []
}

function* merge<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): Steps<readonly T[]> {
  const merged: T[] = []
  let next = 0
  for (const one of left) {
    for (let other = right[next]; next < right.length && other !== undefined && compare(other, one) < 0;) {
      merged.push(other)
      other = right[++next]
    }
    merged.push(one)
    if (merged.length % SORTED_A_STEP === 0) yield
  }
  for (const other of right.slice(next)) merged.push(other)
  return merged
}
