import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { asProblem, Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import type { Ask } from '../api/request.ts'
import { EditedAnswer } from './answers.ts'
import type { ChannelRow } from './answers.ts'
import { fetchRow } from './rows.ts'
import { words } from './words.ts'

/** What can be edited of a channel in the list. */
export type ChannelChange = {
  readonly name?: string | null
  readonly number?: string
  readonly enabled?: boolean | null
  readonly favourite?: boolean
  readonly groups?: readonly string[]
}

/** An edit that somebody else's came before. `now`: null, the channel is gone. */
export type Conflict = {
  readonly seen: ChannelRow
  readonly now: ChannelRow | null
  readonly change: ChannelChange
  /** Makes the edit all the same. */
  readonly insist: () => Promise<void>
}

/** Where the line-up is edited from this page; everything that goes wrong is told by a message. */
export type Edits = {
  /** What waits for a decision; null: nothing. */
  readonly conflict: ReadonlySignal<Conflict | null>
  dismissConflict(): void
  /** Edits a channel that looked like `seen` when the edit began. */
  change(seen: ChannelRow, revision: string, change: ChannelChange, done: string): Promise<boolean>
  /** Asks for any other edit of the line-up, and tells that it is done, with the way back. */
  make(path: string, request: Ask, done: string): Promise<boolean>
  /** The same for a form that says itself what is wrong; null: it is done. */
  attempt(path: string, request: Ask, done: string): Promise<Problem | null>
  /** Takes the last edit made here back. */
  undo(): Promise<void>
}

/** What edits need. `onEdited` hears the revision that came of each, and of each undo. */
export type EditPorts = {
  /** Tells what was done, with the way back, and what went wrong. */
  readonly toasts: {
    show(toast: { readonly text: string; readonly undo?: () => Promise<void> }): void
    fail(thrown: unknown): void
  }
  readonly onEdited: (revision: string) => void
}

/** As many as the gateway keeps. */
const MOST_UNDONE = 20

const isChangedMeanwhile = (thrown: unknown): boolean => thrown instanceof Problem && thrown.code === 'lineup/changed'

/** Makes the desk. */
export function createEdits({ toasts, onEdited }: EditPorts): Edits {
  const conflict = signal<Conflict | null>(null)
  // Edits made here that can be taken back, the last one at the end: the house takes back only its last one.
  let made: readonly symbol[] = []
  // The line-up after what was done here last; at any other one somebody else's edit would be taken back.
  let latest = ''

  const undo = async (edit: symbol) => {
    if (made.at(-1) !== edit) throw new Problem({ code: null, status: 0, title: words().undoOlder })
    const { revision } = await ask('/api/v1/lineup/undo', EditedAnswer, { method: 'POST', ifMatch: `"${latest}"` })
    made = made.slice(0, -1)
    latest = revision
    onEdited(revision)
    toasts.show({ text: words().saved.undone })
  }
  const note = (revision: string, done: string) => {
    const edit = Symbol(done)
    made = [...made.slice(1 - MOST_UNDONE), edit]
    latest = revision
    onEdited(revision)
    toasts.show({ text: done, undo: () => undo(edit) })
  }
  const send = async (path: string, request: Ask, done: string) => {
    const { revision } = await ask(path, EditedAnswer, request)
    note(revision, done)
  }

  const change = async (seen: ChannelRow, revision: string, change_: ChannelChange, done: string): Promise<boolean> => {
    const path = `/api/v1/channels/${encodeURIComponent(seen.id)}`
    const patch = (ifMatch: string) => send(path, { method: 'PATCH', json: change_, ifMatch: `"${ifMatch}"` }, done)
    try {
      await patch(revision)
      return true
    } catch (thrown) {
      if (!isChangedMeanwhile(thrown)) {
        toasts.fail(thrown)
        return false
      }
    }
    // Something of the line-up has changed; only if it is what was edited here somebody has to decide.
    try {
      const { row: now, revision: fresh } = await fetchRow(seen.id)
      if (now !== null && !isTouched(change_, seen, now)) {
        await patch(fresh)
        return true
      }
      conflict.value = {
        seen,
        now,
        change: change_,
        insist: async () => {
          conflict.value = null
          if (now !== null) await change(now, fresh, change_, done)
        },
      }
    } catch (thrown) {
      toasts.fail(thrown)
    }
    return false
  }

  return {
    conflict,
    dismissConflict: () => {
      conflict.value = null
    },
    change,
    attempt: async (path, request, done) => {
      try {
        await send(path, request, done)
        return null
      } catch (thrown) {
        return asProblem(thrown)
      }
    },
    make: async (path, request, done) => {
      try {
        await send(path, request, done)
        return true
      } catch (thrown) {
        toasts.fail(thrown)
        return false
      }
    },
    undo: async () => {
      const last = made.at(-1)
      if (last === undefined) return
      try {
        await undo(last)
      } catch (thrown) {
        toasts.fail(thrown)
      }
    },
  }
}

/** Whether a field that is edited is another one than the editor saw. */
export const isTouched = (change: ChannelChange, seen: ChannelRow, now: ChannelRow): boolean =>
  (['name', 'number', 'enabled', 'favourite', 'groups'] as const).some(
    (field) => change[field] !== undefined && JSON.stringify(seen[field]) !== JSON.stringify(now[field]),
  )
