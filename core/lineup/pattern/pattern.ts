import { foldSign, isWordSign } from './char-set.ts'
import { compilePattern } from './compile-pattern.ts'
import type { Program } from './compile-pattern.ts'
import { parsePattern } from './parse-pattern.ts'
import type { Assertion, PatternNode } from './parse-pattern.ts'

/** A pattern that finds its text in time proportional to text × pattern, whatever either of them is. */
export interface Pattern {
  /** Whether it is found somewhere in the text. */
  test(text: string): boolean
  /** The text with everything that it finds replaced: `$1` … `$9` are its groups, `$&` the whole, `$$` a dollar. */
  replace(text: string, replacement: string): string
}

/** Longer texts are no names: they are not searched. */
const LONGEST_TEXT = 1000

/**
 * Reads a pattern (see `parsePattern` for its language). Upper and lower case are the same. Fails with
 * `lineup/bad-pattern`.
 *
 * Method: K. Thompson's simulation with R. Pike's threads, which carry their groups along: all ways through the pattern
 * are walked at the same time, so that none is ever taken back.
 */
export function createPattern(text: string): Pattern {
  const tree = parsePattern(text)
  const program = compilePattern(tree)
  const needle = surePart(tree)
  const cannotMatch = (subject: string): boolean =>
    subject.length > LONGEST_TEXT || (needle !== '' && !subject.toLowerCase().includes(needle))
  return {
    test: (subject) => !cannotMatch(subject) && search(program, readText(subject), 0) !== null,
    replace(subject, replacement) {
      if (cannotMatch(subject)) return subject
      return replaceAll(program, readText(subject), replacement)
    },
  }
}

type Text = { readonly signs: readonly string[]; readonly folded: readonly string[] }
type Groups = readonly (number | undefined)[]

function readText(text: string): Text {
  const signs = [...text]
  return { signs, folded: signs.map(foldSign) }
}

function replaceAll(program: Program, text: Text, replacement: string): string {
  let result = ''
  let at = 0
  while (at <= text.signs.length) {
    const groups = search(program, text, at)
    const [start, end] = groups ?? []
    if (groups === null || start === undefined || end === undefined) break
    result += text.signs.slice(at, start).join('') + fillIn(replacement, text, groups)
    // An empty find must not be found again at the same place.
    if (end === start) result += text.signs[end] ?? ''
    at = end === start ? end + 1 : end
  }
  return result + text.signs.slice(at).join('')
}

const fillIn = (replacement: string, { signs }: Text, groups: Groups): string =>
  replacement.replace(/\$([$&1-9])/g, (_, name: string) => {
    if (name === '$') return '$'
    const slot = name === '&' ? 0 : Number(name) * 2
    return signs.slice(groups[slot] ?? 0, groups[slot + 1] ?? 0).join('')
  })

type Thread = { readonly step: number; readonly groups: Groups }

/** The leftmost find from `from` on, as the places where its groups start and end; null: none. */
function search(program: Program, { folded }: Text, from: number): Groups | null {
  const seen = new Int32Array(program.steps.length).fill(-1)
  let found: Groups | null = null
  let threads: Thread[] = []
  for (let at = from; at <= folded.length; at++) {
    const next: Thread[] = []
    // A later start is worth a try only while nothing is found.
    if (found === null) follow(program, { step: program.start, groups: [at] }, { folded, at, seen, into: threads })
    if (threads.length === 0 && found !== null) break
    const sign = folded[at]
    for (const thread of threads) {
      const step = program.steps[thread.step]
      if (step?.kind === 'match') {
        found = withSlot(thread.groups, 1, at)
        break // the threads behind it are less wanted
      }
      if (step?.kind !== 'char' || sign === undefined || !step.set(sign)) continue
      follow(program, { step: step.next, groups: thread.groups }, { folded, at: at + 1, seen, into: next })
    }
    threads = next
  }
  return found
}

type Walk = {
  readonly folded: readonly string[]
  readonly at: number
  /** At which place of the text each step was last reached: the first to come is the most wanted one. */
  readonly seen: Int32Array
  readonly into: Thread[]
}

/** Walks all steps that take no character, and adds a thread for each that does. */
function follow(program: Program, first: Thread, walk: Walk): void {
  const todo = [first]
  for (let thread = todo.pop(); thread !== undefined; thread = todo.pop()) {
    const step = program.steps[thread.step]
    if (step === undefined || walk.seen[thread.step] === walk.at) continue
    walk.seen[thread.step] = walk.at
    if (step.kind === 'fork') {
      todo.push({ step: step.second, groups: thread.groups }, { step: step.first, groups: thread.groups })
    } else if (step.kind === 'save') {
      todo.push({ step: step.next, groups: withSlot(thread.groups, step.slot, walk.at) })
    } else if (step.kind === 'assert') {
      if (holds(step.at, walk)) todo.push({ step: step.next, groups: thread.groups })
    } else walk.into.push(thread)
  }
}

function withSlot(groups: Groups, slot: number, place: number): Groups {
  const changed = [...groups]
  changed[slot] = place
  return changed
}

function holds(assertion: Assertion, { folded, at }: Walk): boolean {
  if (assertion === 'start') return at === 0
  if (assertion === 'end') return at === folded.length
  const isEdge = isWordSign(folded[at - 1] ?? '') !== isWordSign(folded[at] ?? '')
  return isEdge === (assertion === 'edge')
}

/** The longest run of plain ASCII letters that every find contains: most texts can be told by it at once. */
function surePart(tree: PatternNode): string {
  if (tree.kind !== 'sequence') return ''
  let longest = ''
  let run = ''
  for (const node of tree.nodes) {
    const sign = node.kind === 'char' && node.literal !== null ? foldSign(node.literal) : ''
    run = /^[!-~ ]$/.test(sign) ? run + sign : ''
    if (run.length > longest.length) longest = run
  }
  return longest
}
