/** An IP address as 16 bytes; IPv4 is kept as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2), so that both spellings are one. */
export type IpAddress = readonly number[]

/** A range of addresses: the first `bits` of 128 count. */
export type Network = { readonly base: IpAddress; readonly bits: number }

const V4_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

/** Reads an IPv4 or IPv6 address; a zone (`%eth0`) and brackets are dropped; null if it is none. */
export function parseIp(text: string): IpAddress | null {
  const bare = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%[^%]*$/, '')
  return bare.includes(':') ? parseV6(bare) : parseV4(bare)
}

function parseV4(text: string): IpAddress | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  // "010" is octal to some programs and decimal to others: refused.
  if (!parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null
  return [...V4_PREFIX, ...parts.map(Number)]
}

function parseV6(text: string): IpAddress | null {
  const v4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  let head = text
  let tail: readonly number[] = []
  if (v4 !== null) {
    const address = parseV4(v4[2] ?? '')
    if (address === null) return null
    tail = address.slice(12)
    const before = v4[1] ?? ''
    head = before.endsWith('::') ? before : before.slice(0, -1)
  }
  const room = (16 - tail.length) / 2
  const halves = head.split('::')
  if (halves.length > 2) return null
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const words = [...(left ?? []), ...(right ?? [])]
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return null
  const missing = room - words.length
  if (right === undefined ? missing !== 0 : missing < 1) return null
  const all = [...(left ?? []), ...Array.from({ length: missing }, () => '0'), ...(right ?? [])]
  return [...all.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]), ...tail]
}

/** Reads `192.168.0.0/16`, `fd00::/8` or a single address; null if it is none. */
export function parseNetwork(text: string): Network | null {
  const [address = '', length, ...rest] = text.trim().split('/')
  const base = parseIp(address)
  if (base === null || rest.length > 0) return null
  if (length === undefined) return { base, bits: 128 }
  if (!/^\d{1,3}$/.test(length)) return null
  const isV4 = !address.includes(':')
  const bits = Number(length) + (isV4 ? 96 : 0)
  return bits <= 128 ? { base, bits } : null
}

/** Whether the address lies in the range. */
export function isInNetwork(address: IpAddress, { base, bits }: Network): boolean {
  const whole = bits >> 3
  for (let index = 0; index < whole; index++) if (address[index] !== base[index]) return false
  const rest = bits & 7
  if (rest === 0) return true
  const shift = 8 - rest
  return (address[whole] ?? 0) >> shift === (base[whole] ?? 0) >> shift
}

const networks = (...texts: string[]): readonly Network[] =>
  texts.flatMap((text) => {
    const network = parseNetwork(text)
    return network === null ? [] : [network]
  })

const LOOPBACK = networks('127.0.0.0/8', '::1')
// RFC 1918, RFC 3927, RFC 4193, RFC 4291 2.5.6. Not RFC 6598 (100.64/10): behind a carrier's NAT that is a neighbour.
const PRIVATE = networks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10')

/** Whether the address is this machine. */
export const isLoopback = (address: IpAddress): boolean => LOOPBACK.some((network) => isInNetwork(address, network))

/** Whether the address is of a private network or link (this machine not included). */
export const isPrivate = (address: IpAddress): boolean => PRIVATE.some((network) => isInNetwork(address, network))

/** The usual short spelling: IPv4 as dotted numbers, IPv6 in lower-case words with the longest run of zeros as `::` (RFC 5952). */
export function printIp(address: IpAddress): string {
  if (V4_PREFIX.every((byte, index) => address[index] === byte)) return address.slice(12).join('.')
  const words = Array.from({ length: 8 }, (_, index) =>
    (((address[index * 2] ?? 0) << 8) | (address[index * 2 + 1] ?? 0)).toString(16),
  )
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && words[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  if (best.start < 0) return words.join(':')
  return `${words.slice(0, best.start).join(':')}::${words.slice(best.start + best.length).join(':')}`
}

/** Where tries are counted. Whoever has an IPv6 address has a /64 of them: they count as one place. */
export function placeOf(address: string): string {
  const ip = parseIp(address)
  if (ip === null) return address
  const text = printIp(ip)
  return text.includes(':') ? printIp([...ip.slice(0, 8), 0, 0, 0, 0, 0, 0, 0, 0]) : text
}
