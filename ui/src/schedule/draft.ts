import { computed, signal } from '@preact/signals'
import type { ReadonlySignal, Signal } from '@preact/signals'
import type { ChannelDoc } from '../../../core/linear/document.ts'
import type { Revision } from '../../../core/linear/document/revision.ts'
import type { Beginning } from './revising.ts'
import { revise, revisionOn } from './revising.ts'

/** Edits that can be taken back. */
const MOST_STEPS = 200

/** What of a channel holds at all times, whatever is planned. */
export type ChannelSettings = Pick<ChannelDoc, 'name' | 'number' | 'group' | 'logo' | 'house' | 'looks'>

type State = { readonly settings: ChannelSettings; readonly plan: Revision }

/**
 * A schedule while it is edited: what was saved, and one revision of it with the changes so far. Nothing leaves it before
 * it is saved; every edit can be taken back and made again.
 */
export type Draft = {
  /** The document as it would be saved. */
  readonly doc: ReadonlySignal<ChannelDoc>
  /** The revision that is edited. */
  readonly plan: ReadonlySignal<Revision>
  readonly settings: ReadonlySignal<ChannelSettings>
  /** Which of the saved revisions it is. */
  readonly index: ReadonlySignal<number>
  /** When the changes of the plan begin to hold. */
  readonly from: Signal<Beginning>
  readonly isDirty: ReadonlySignal<boolean>
  readonly canUndo: ReadonlySignal<boolean>
  readonly canRedo: ReadonlySignal<boolean>
  change(edit: (plan: Revision) => Revision): void
  set(settings: Partial<ChannelSettings>): void
  undo(): void
  redo(): void
  /** Throws all changes away and edits another revision. */
  look(index: number): void
  /** Goes on from what was saved; changes are gone. */
  begin(saved: ChannelDoc): void
}

/** Begins to edit. `today`: the day on the channel's clock; `from`: when changes are to hold unless somebody says otherwise. */
export function createDraft(
  saved: ChannelDoc,
  { today, from }: { readonly today: string; readonly from: Beginning },
): Draft {
  const base = signal(saved)
  const index = signal(revisionOn(saved, today))
  const begins = signal(from)
  const stateOf = (doc: ChannelDoc, at: number): State => ({
    settings: settingsOf(doc),
    plan: doc.revisions[at] ?? doc.revisions[0],
  })
  const state = signal(stateOf(saved, index.peek()))
  const past = signal<readonly State[]>([])
  const future = signal<readonly State[]>([])
  const untouched = computed(() => stateOf(base.value, index.value))
  const isPlanChanged = computed(() => !isSame(state.value.plan, untouched.value.plan))
  const go = (next: State) => {
    if (isSame(next, state.peek())) return
    past.value = [...past.peek(), state.peek()].slice(-MOST_STEPS)
    future.value = []
    state.value = next
  }
  const restart = (doc: ChannelDoc, at: number) => {
    base.value = doc
    index.value = at
    state.value = stateOf(doc, at)
    past.value = []
    future.value = []
  }
  return {
    doc: computed(() => {
      const { plan, settings } = state.value
      const told = { ...base.value, ...settings }
      return isPlanChanged.value ? revise(told, index.value, plan, begins.value) : told
    }),
    plan: computed(() => state.value.plan),
    settings: computed(() => state.value.settings),
    index,
    from: begins,
    isDirty: computed(() => isPlanChanged.value || !isSame(state.value.settings, untouched.value.settings)),
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    change: (edit) => go({ ...state.peek(), plan: edit(state.peek().plan) }),
    set: (settings) => go({ ...state.peek(), settings: { ...state.peek().settings, ...settings } }),
    undo() {
      const last = past.peek().at(-1)
      if (last === undefined) return
      future.value = [state.peek(), ...future.peek()]
      past.value = past.peek().slice(0, -1)
      state.value = last
    },
    redo() {
      const [next, ...rest] = future.peek()
      if (next === undefined) return
      past.value = [...past.peek(), state.peek()]
      future.value = rest
      state.value = next
    },
    look: (at) => restart(base.peek(), at),
    begin: (doc) => restart(doc, revisionOn(doc, today)),
  }
}

const settingsOf = ({ name, number, group, logo, house, looks }: ChannelDoc): ChannelSettings => ({
  name,
  number,
  group,
  logo,
  house,
  looks,
})

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)
