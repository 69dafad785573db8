import { ANY_DEVICE } from './device-id.ts'
import { PACKET, readPacket, writePacket } from './packet.ts'
import { fieldNumber, numberField, readFields, TAG, textField, writeFields } from './tlv.ts'

const TUNER = 1
const ANY_TYPE = 0xffffffff

/** Clients copy a base URL into so many bytes and throw a longer one away (libhdhomerun, `char base_url[29]`). */
export const MAX_BASE_URL = 28

/** Whom a search is for. */
export type DiscoverRequest = {
  /** Null: every device. */
  readonly deviceId: number | null
}

/**
 * The search for tuners in a datagram; null: it is none, or it is for other kinds of devices. Searches say their types in
 * one field, in a list (programs from 2022 on), or not at all, and their device id or "any" or nothing.
 */
export function readDiscoverRequest(datagram: Uint8Array): DiscoverRequest | null {
  const packet = readPacket(datagram)
  if (packet === null || packet.type !== PACKET.discoverRequest) return null
  const fields = readFields(packet.payload)
  const types = fields.flatMap((field) => {
    if (field.tag === TAG.deviceType) return [fieldNumber(field) ?? 0]
    return field.tag === TAG.multiType ? numbersIn(field.value) : []
  })
  if (types.length > 0 && !types.some((type) => type === TUNER || type === ANY_TYPE)) return null
  const asked = fields.find(({ tag }) => tag === TAG.deviceId)
  const deviceId = asked === undefined ? ANY_DEVICE : fieldNumber(asked)
  return { deviceId: deviceId === ANY_DEVICE ? null : deviceId }
}

function numbersIn(value: Uint8Array): readonly number[] {
  const view = new DataView(value.buffer, value.byteOffset, value.length)
  return Array.from({ length: Math.floor(value.length / 4) }, (_, index) => view.getUint32(index * 4))
}

/** What a device says of itself. */
export type DeviceNotice = {
  readonly deviceId: number
  readonly tunerCount: number
  /** `http://ip:port`, at most `MAX_BASE_URL` characters. */
  readonly baseUrl: string
}

/** The answer to a search. The number of tuners is one byte; texts have no NUL here. */
export function writeDiscoverReply({ deviceId, tunerCount, baseUrl }: DeviceNotice): Uint8Array<ArrayBuffer> {
  const payload = writeFields([
    numberField(TAG.deviceType, TUNER),
    numberField(TAG.deviceId, deviceId),
    textField(TAG.baseUrl, baseUrl),
    { tag: TAG.tunerCount, value: Uint8Array.of(Math.min(tunerCount, 255)) },
    textField(TAG.lineupUrl, `${baseUrl}/lineup.json`),
  ])
  return writePacket({ type: PACKET.discoverReply, payload })
}
