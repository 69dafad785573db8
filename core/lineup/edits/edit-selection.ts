import { Failure } from '../../errors.ts'
import { createFilter } from '../filter/filter.ts'
import { FAVOURITES } from '../lineup.ts'
import type { StoredLineup, StoredSelection } from '../stored.ts'
import { getChannel } from './change-channels.ts'
import { readOwnName } from './edit-channel.ts'

const MOST_SELECTIONS = 100

/**
 * The line-up with a selection, in the place of the one of the same id or behind the others.
 *
 * Fails with `http/bad-request` for an id or name that is none, `lineup/bad-filter`, `lineup/unknown-channel`,
 * `lineup/name-taken` for the id of the favourites.
 */
export function putSelection(stored: StoredLineup, selection: StoredSelection): StoredLineup {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(selection.id))
    throw new Failure('http/bad-request', 'An id should be 1 to 40 of a-z, 0-9 and "-", the first a letter or digit')
  if (selection.id === FAVOURITES)
    throw new Failure('lineup/name-taken', `"${FAVOURITES}" is the selection of all favourites; choose another id`)
  if (selection.filter !== null) createFilter(selection.filter)
  const channels = new Set(selection.members)
  for (const key of channels) getChannel(stored, key)
  const fresh: StoredSelection = { ...selection, name: readOwnName(selection.name) ?? '', members: [...channels] }
  const old = stored.selections.find(({ id }) => id === selection.id)
  if (JSON.stringify(old) === JSON.stringify(fresh)) return stored
  if (old !== undefined) return { ...stored, selections: stored.selections.map((one) => (one === old ? fresh : one)) }
  if (stored.selections.length >= MOST_SELECTIONS)
    throw new Failure('lineup/bad-edit', `There should be at most ${MOST_SELECTIONS} selections`)
  return { ...stored, selections: [...stored.selections, fresh] }
}

/** The line-up without a selection. Fails with `lineup/unknown-selection`. */
export function removeSelection(stored: StoredLineup, id: string): StoredLineup {
  const selections = stored.selections.filter((selection) => selection.id !== id)
  if (selections.length === stored.selections.length)
    throw new Failure('lineup/unknown-selection', `There is no selection "${id}"`)
  return { ...stored, selections }
}
