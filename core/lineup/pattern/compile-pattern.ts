import { Failure } from '../../errors.ts'
import type { CharSet } from './char-set.ts'
import type { Assertion, PatternNode } from './parse-pattern.ts'

/** One step of a matcher; steps are named by their place. A `fork` prefers `first`. */
export type Step =
  | { readonly kind: 'char'; readonly set: CharSet; readonly next: number }
  | { readonly kind: 'assert'; readonly at: Assertion; readonly next: number }
  | { readonly kind: 'save'; readonly slot: number; readonly next: number }
  | { readonly kind: 'fork'; readonly first: number; readonly second: number }
  | { readonly kind: 'match' }

/** A pattern as steps; it starts at `start`. */
export type Program = { readonly steps: readonly Step[]; readonly start: number }

const MOST_STEPS = 2000

/**
 * Makes the steps of a pattern, from its end to its start, so that each step knows the next one.
 *
 * Counted repeats are written out. Fails with `lineup/bad-pattern` when that makes more than 2,000 steps.
 */
export function compilePattern(tree: PatternNode): Program {
  const steps: Step[] = []
  const add = (step: Step): number => {
    if (steps.length >= MOST_STEPS)
      throw new Failure('lineup/bad-pattern', 'The pattern is too large: fewer or smaller counts are needed')
    return steps.push(step) - 1
  }

  /** Adds the steps of a node that go on to `next`; gives the first one. */
  const build = (node: PatternNode, next: number): number => {
    switch (node.kind) {
      case 'char':
        return add({ kind: 'char', set: node.set, next })
      case 'assert':
        return add({ kind: 'assert', at: node.at, next })
      case 'sequence':
        return node.nodes.reduceRight((after, part) => build(part, after), next)
      case 'choice':
        return node.nodes
          .map((part) => build(part, next))
          .reduceRight((second, first) => add({ kind: 'fork', first, second }))
      case 'group': {
        if (node.index === null) return build(node.node, next)
        const close = add({ kind: 'save', slot: node.index * 2 + 1, next })
        return add({ kind: 'save', slot: node.index * 2, next: build(node.node, close) })
      }
      case 'repeat':
        return buildRepeat(node, next)
      default:
        return node satisfies never
    }
  }

  const buildRepeat = (node: PatternNode & { readonly kind: 'repeat' }, next: number): number => {
    const fork = (body: number, after: number): number =>
      node.lazy ? add({ kind: 'fork', first: after, second: body }) : add({ kind: 'fork', first: body, second: after })
    let start = next
    if (node.max === Infinity) {
      const loop = fork(next, next) // its own body leads back to it: known only after it is there
      const body = build(node.node, loop)
      steps[loop] = node.lazy
        ? { kind: 'fork', first: next, second: body }
        : { kind: 'fork', first: body, second: next }
      start = loop
    } else for (let count = node.min; count < node.max; count++) start = fork(build(node.node, start), next)
    for (let count = 0; count < node.min; count++) start = build(node.node, start)
    return start
  }

  const match = add({ kind: 'match' })
  return { steps, start: build(tree, match) }
}
