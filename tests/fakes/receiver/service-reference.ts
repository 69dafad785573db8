/** The ten fields of an Enigma2 service reference and its tail. Source: OpenPLi, lib/service/service.cpp. */
export type ServiceReference = {
  readonly type: number
  readonly flags: number
  readonly serviceType: number
  readonly sid: number
  readonly tsid: number
  readonly onid: number
  readonly namespace: number
  /** URL or file path behind field 10, percent-decoded; empty without one. */
  readonly path: string
  readonly name: string
}

/** Bits of field 2. */
export const FLAG_DIRECTORY = 1
/** A headline in the list. */
export const FLAG_MARKER = 64
/** A group, such as alternatives. */
export const FLAG_GROUP = 128
/** A headline that takes a channel number. */
export const FLAG_NUMBERED = 256
/** Not shown in lists. */
export const FLAG_HIDDEN = 512

/** Undoes `%xx` only: on the box `+` is no space and `%00` is dropped. Bytes that are no UTF-8 become U+FFFD. */
export function decodePercent(text: string): string {
  const bytes: number[] = []
  const raw = new TextEncoder().encode(text)
  for (let i = 0; i < raw.length; i++) {
    const code =
      raw[i] === 0x25 ? Number.parseInt(String.fromCharCode(raw[i + 1] ?? 0, raw[i + 2] ?? 0), 16) : Number.NaN
    if (Number.isNaN(code)) bytes.push(raw[i] ?? 0)
    else {
      if (code !== 0) bytes.push(code)
      i += 2
    }
  }
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

/** Reads a reference as the box does: decimal type and flags, hexadecimal rest; null when fewer than ten fields are there. */
export function parseServiceReference(text: string): ServiceReference | null {
  const match =
    /^(\d+):(\d+):([\da-f]+):([\da-f]+):([\da-f]+):([\da-f]+):([\da-f]+):([\da-f]+):([\da-f]+):([\da-f]+)(?::(.*))?$/is.exec(
      text,
    )
  if (!match) return null
  const hex = (index: number): number => Number.parseInt(match[index] ?? '0', 16)
  const tail = match[11] ?? ''
  const cut = tail.includes('://') ? tail.indexOf(' ') : tail.indexOf(':')
  return {
    type: Number(match[1]),
    flags: Number(match[2]),
    serviceType: hex(3),
    sid: hex(4),
    tsid: hex(5),
    onid: hex(6),
    namespace: hex(7),
    path: decodePercent(cut < 0 ? tail : tail.slice(0, cut)),
    name: decodePercent(cut < 0 ? '' : tail.slice(cut + 1)),
  }
}

/** Writes a DVB reference in canonical form: upper-case hex, no leading zeros, trailing colon, flags 0. */
export function printServiceReference(
  service: Pick<ServiceReference, 'serviceType' | 'sid' | 'tsid' | 'onid' | 'namespace'>,
): string {
  const { serviceType, sid, tsid, onid, namespace } = service
  const fields = [serviceType, sid, tsid, onid, namespace].map((value) => value.toString(16).toUpperCase())
  return `1:0:${fields.join(':')}:0:0:0:`
}
