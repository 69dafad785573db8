import * as v from 'valibot'
import { Failure } from '../../../core/errors.ts'
import type { BoxSession, Told } from './box-session.ts'
import { parseCommand, playableUrl } from './command.ts'
import { isObject, looseList, looseText, member } from './loose.ts'

/** What an answer to `create_link` is read with. */
export type LinkContext = {
  readonly box: BoxSession
  readonly endpoint: URL
  /** The stream's number in the row, for answers that forget it. */
  readonly streamId: string | null
  /** For messages. */
  readonly name: string
}

/** Why a portal gives no link, by its own word; those that another way or MAC may not have are `isForMac`. */
const ERRORS: Readonly<Record<string, { readonly text: string; readonly isForMac: boolean }>> = {
  nothing_to_play: { text: 'has nothing to play', isForMac: false },
  link_fault: { text: 'has a fault', isForMac: false },
  player_file_missing: { text: 'is missing', isForMac: false },
  limit: { text: 'finds all of its servers full', isForMac: true },
  not_available_for_zone: { text: 'is not available in our region', isForMac: false },
  access_denied: { text: 'is not in the package', isForMac: true },
}

/**
 * The address in an answer to `create_link`: good for seconds and for one opening (stalker.md §5.4).
 *
 * Fails with `live/refused`; `facts.perMac` tells that another MAC may have it.
 */
export function readLink(answer: Told, context: LinkContext): URL {
  const { box, name } = context
  const js = lastLink(answer.js)
  const word = v.parse(looseText, member(js, 'error')) || v.parse(looseText, member(answer.beside, 'error'))
  const known = ERRORS[word.toLowerCase()]
  if (known !== undefined || word !== '')
    throw new Failure('live/refused', `The portal says that "${name}" ${known?.text ?? 'cannot be played'}`, {
      mac: box.number,
      perMac: known?.isForMac ?? true,
    })
  const command = parseCommand(v.parse(looseText, member(js, 'cmd')))
  const url = playableUrl(command, { endpoint: context.endpoint, mac: box.identity.mac, streamId: context.streamId })
  if (url !== null) return url
  if (command.address === '')
    throw new Failure('live/refused', `The portal gives no address for "${name}"`, { mac: box.number, perMac: true })
  throw new Failure('source/not-supported', `"${name}" plays only in the provider's own network`, { mac: box.number })
}

/** Films come as a list with an advertisement before them: the last one that can be played counts. */
function lastLink(js: unknown): unknown {
  const list = looseList(js)
  if (list.length === 0 || (isObject(js) && 'cmd' in js)) return js
  return list.findLast((one) => v.parse(looseText, member(one, 'cmd')) !== '') ?? list.at(-1)
}
