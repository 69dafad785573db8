import { Failure } from '../../errors.ts'
import { plainText } from '../../plain-text.ts'
import { channelId, parseChannelNumber } from '../channel.ts'
import type { ChannelKey } from '../channel.ts'
import { createGroupNames } from '../group-names.ts'
import { createRules } from '../rules.ts'
import { isPresent, nameOf } from '../stored.ts'
import type { StoredChannel, StoredLineup } from '../stored.ts'
import { isShownByRules } from '../view.ts'
import { changeChannels, getChannel } from './change-channels.ts'
import { setGroups } from './channel-groups.ts'

/** What the owner may change of a channel; absent: unchanged. */
export type ChannelEdit = {
  /** Null goes back to the source's name, as the rules make it. */
  readonly name?: string | null
  readonly number?: string
  /** Null goes back to what the rules say. */
  readonly enabled?: boolean | null
  readonly favourite?: boolean
  /** All groups it should be in, by their shown names, the main one first. */
  readonly groups?: readonly string[]
}

const MAX_NAME_LENGTH = 120

/**
 * The line-up with the owner's edit of one channel; `stored` itself when nothing changes. Pure.
 *
 * `revision` is the one that the owner saw (`If-Match`); null skips the check. Fails with `lineup/changed` when it is
 * an older one, `lineup/unknown-channel`, `lineup/unknown-group`, `lineup/number-taken`, `http/bad-request` for a name
 * or number that is none.
 */
export function editChannel(
  stored: StoredLineup,
  key: ChannelKey,
  edit: ChannelEdit,
  revision: string | null,
): StoredLineup {
  if (revision !== null && revision !== stored.revision)
    throw new Failure(
      'lineup/changed',
      `Cannot edit channel "${channelId(key)}": the line-up is at revision ${stored.revision}, the edit was made at ${revision}`,
    )
  const channel = getChannel(stored, key)
  const edited: StoredChannel = {
    ...channel,
    ownName: edit.name === undefined ? channel.ownName : readOwnName(edit.name),
    number: edit.number === undefined ? channel.number : freeNumber(stored, channel, edit.number),
    ownEnabled: edit.enabled === undefined ? channel.ownEnabled : ownEnabled(stored, channel, edit.enabled),
    favourite: edit.favourite ?? channel.favourite,
  }
  const changed = changeChannels(stored, new Map([[key, edited]]))
  return edit.groups === undefined ? changed : setGroups(changed, key, edit.groups)
}

/** What was shown anyway is not pinned: a form sends all its fields, the untouched ones too. */
function ownEnabled(stored: StoredLineup, channel: StoredChannel, enabled: boolean | null): boolean | null {
  if (enabled !== true || channel.ownEnabled !== null) return enabled
  return isShownByRules(channel, createRules(stored.rules), createGroupNames(stored.ownGroups)) ? null : true
}

/** The name as it is kept: on one line, 1 to 120 characters. Fails with `http/bad-request`. */
export function readOwnName(name: string | null): string | null {
  if (name === null) return null
  const plain = plainText(name)
  if (plain === '') throw new Failure('http/bad-request', 'A name should have at least one visible character')
  if (plain.length > MAX_NAME_LENGTH)
    throw new Failure(
      'http/bad-request',
      `A name should have at most ${MAX_NAME_LENGTH} characters, this one has ${plain.length}`,
    )
  return plain
}

function freeNumber(stored: StoredLineup, channel: StoredChannel, text: string): string {
  const number = parseChannelNumber(text)
  if (number === null)
    throw new Failure(
      'http/bad-request',
      'A channel number should be 1 to 999999, with a sub-number as in "5.1" if wanted',
    )
  const holder = stored.channels.find((candidate) => candidate.number === number && candidate !== channel)
  if (holder !== undefined)
    throw new Failure(
      'lineup/number-taken',
      `Cannot give number ${number} to "${nameOf(channel)}": "${nameOf(holder)}" has it${isPresent(holder) ? '' : ', which no source offers now'}`,
      { number, holder: channelId(holder.key) },
    )
  return number
}
