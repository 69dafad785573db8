import { PACKET, writePacket } from './packet.ts'
import type { HdhrPacket } from './packet.ts'
import { fieldNumber, fieldText, nulTextField, readFields, TAG, writeFields } from './tlv.ts'

/** What a client wants to know or to set; `value` null: to know. */
export type ControlRequest = {
  readonly name: string
  readonly value: string | null
  /** Key of whoever has locked the tuner; 0: none was said. */
  readonly lockKey: number
}

/** A variable with its value, or why there is none. */
export type ControlAnswer = { readonly value: string } | { readonly error: string }

/** The request in a packet; null: it is another kind of packet, or names no variable. */
export function readControlRequest({ type, payload }: HdhrPacket): ControlRequest | null {
  if (type !== PACKET.getSetRequest) return null
  let name: string | null = null
  let value: string | null = null
  let lockKey = 0
  for (const field of readFields(payload)) {
    if (field.tag === TAG.name) name = fieldText(field)
    else if (field.tag === TAG.value) value = fieldText(field)
    else if (field.tag === TAG.lockKey) lockKey = fieldNumber(field) ?? 0
  }
  return name === null ? null : { name, value, lockKey }
}

/** The answer as a packet. */
export function writeControlReply({ name }: Pick<ControlRequest, 'name'>, answer: ControlAnswer) {
  const field =
    'value' in answer ? nulTextField(TAG.value, answer.value) : nulTextField(TAG.error, `ERROR: ${answer.error}`)
  return writePacket({ type: PACKET.getSetReply, payload: writeFields([nulTextField(TAG.name, name), field]) })
}
