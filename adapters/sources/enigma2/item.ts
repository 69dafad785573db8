import { createHash } from 'node:crypto'
import {
  carriesPath,
  carriesUrl,
  guideTriplet,
  isBroadcast,
  isIptv,
  parseServiceRef,
  relayedServiceRef,
  SERVICE_FLAGS,
  serviceRefKey,
  transponderKey,
} from '../../../core/lineup/service-reference.ts'
import type { ServiceRef } from '../../../core/lineup/service-reference.ts'

/**
 * A playable line of a bouquet.
 *
 * `broadcast`: received by a tuner. `group`: alternatives, of which the box picks one when asked. `url`: IPTV.
 */
export type ReceiverItem = {
  /** Key of the item: the canonical reference; a hash for URLs, which hold passwords. */
  readonly key: string
  readonly kind: 'broadcast' | 'group' | 'url'
  /** The reference by which the box is asked. */
  readonly ref: string
  readonly name: string
  readonly isRadio: boolean
  /** Programme number in the PAT; null: not known before it is played, or only one. */
  readonly programNumber: number | null
  /** Transponder, by which the box shares tuners; otherwise the item's own key. */
  readonly slotKey: string
  /** `ONID:TSID:SID`; null: no guide. */
  readonly guideChannel: string | null
  /** The bouquet lists it behind the stream relay. */
  readonly viaRelay: boolean
  /** Address of an IPTV item as the box has it; null otherwise. */
  readonly url: string | null
  /** Canonical references of a group's members, the preferred first. */
  readonly members: readonly string[]
}

// Source: OpenWebif, plugin/controllers/defaults.py.
const RADIO_TYPES: ReadonlySet<number> = new Set([0x02, 0x0a])

/** What a line of a bouquet is; null if it cannot be played (a file, a reference that is none). */
export async function readItem(line: {
  readonly ref: string
  readonly name: string
  readonly isOwnHost: (host: string) => boolean
  /** References of a group's members. */
  readonly members: (ref: string) => Promise<readonly string[]>
}): Promise<ReceiverItem | null> {
  const ref = parseServiceRef(line.ref)
  if (ref === null) return null
  const relayed = relayedServiceRef(ref, line.isOwnHost)
  if (relayed !== null) return broadcastItem(relayed, line.name, true)
  if ((ref.flags & SERVICE_FLAGS.group) !== 0) return groupItem(ref, line.name, await line.members(line.ref))
  if (isBroadcast(ref)) return broadcastItem(ref, line.name, false)
  return isIptv(ref) && carriesUrl(ref) ? urlItem(ref, line.name) : null
}

/** The broadcast item that a canonical reference names, without its name; null for any other text. */
export function broadcastItemOf(key: string): ReceiverItem | null {
  const ref = parseServiceRef(key)
  return ref !== null && isBroadcast(ref) && !carriesPath(ref) ? broadcastItem(ref, '', false) : null
}

function broadcastItem(ref: ServiceRef, name: string, viaRelay: boolean): ReceiverItem {
  const key = serviceRefKey(ref)
  return {
    key,
    kind: 'broadcast',
    ref: key, // the relay's whitelist is compared as text, with exactly this form
    name: name === '' ? `Service ${ref.sid}` : name,
    isRadio: RADIO_TYPES.has(ref.serviceType),
    programNumber: ref.sid,
    slotKey: transponderKey(ref),
    guideChannel: guideTriplet(ref),
    viaRelay,
    url: null,
    members: [],
  }
}

function groupItem(ref: ServiceRef, name: string, memberRefs: readonly string[]): ReceiverItem {
  const members = memberRefs.flatMap((text) => {
    const member = parseServiceRef(text)
    return member !== null && isBroadcast(member) ? [member] : []
  })
  const [first] = members
  const { type, flags, serviceType } = ref
  const key = `${type}:${flags}:${serviceType.toString(16).toUpperCase()}:0:0:0:0:0:0:0:${ref.path}`
  return {
    key,
    kind: 'group',
    ref: key,
    name: name === '' ? 'Alternatives' : name,
    isRadio: first !== undefined && RADIO_TYPES.has(first.serviceType),
    programNumber: null,
    slotKey: key,
    guideChannel: first === undefined ? null : guideTriplet(first),
    viaRelay: false,
    url: null,
    members: members.map(serviceRefKey),
  }
}

function urlItem(ref: ServiceRef, name: string): ReceiverItem {
  const key = `url-${createHash('sha256').update(serviceRefKey(ref)).digest('hex').slice(0, 24)}`
  // Numbers of a satellite channel are borrowed for its guide; all zero or one means that nobody did.
  const borrowsGuide = ref.sid > 1 && ref.tsid > 0 && ref.onid > 0
  return {
    key,
    kind: 'url',
    ref: serviceRefKey(ref),
    name: name === '' ? 'Stream' : name,
    isRadio: RADIO_TYPES.has(ref.serviceType),
    programNumber: null,
    slotKey: key,
    guideChannel: borrowsGuide ? guideTriplet(ref) : null,
    viaRelay: false,
    url: ref.path,
    members: [],
  }
}
