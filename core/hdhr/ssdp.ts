/** Where devices announce themselves (UPnP device architecture 1.0, section 1). */
export const SSDP = { address: '239.255.255.250', port: 1900 } as const

/** How long an announcement holds, seconds; it is made anew after half of that. */
export const SSDP_MAX_AGE = 1800

/** A device as SSDP knows it. */
export type SsdpDevice = {
  readonly uuid: string
  /** Address of its `device.xml`. */
  readonly location: string
}

/** A search: what for, and how long the answer may wait, seconds. */
export type SsdpSearch = { readonly target: string; readonly maxWaitSeconds: number }

const DEVICE_TYPE = 'urn:schemas-upnp-org:device:MediaServer:1'
const SERVER = 'downlink/1 UPnP/1.0 downlink/1'

/** The search in a datagram; null: it is something else. */
export function readSearch(text: string): SsdpSearch | null {
  const [first = '', ...lines] = text.split(/\r?\n/)
  if (!/^M-SEARCH \* HTTP\/1\.[01]\s*$/i.test(first)) return null
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const target = headers.get('st') ?? ''
  if (target === '' || (headers.get('man') ?? '').replaceAll('"', '').toLowerCase() !== 'ssdp:discover') return null
  const wait = Number(headers.get('mx') ?? '0')
  return { target, maxWaitSeconds: Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 5) : 0 }
}

/** The names under which a device is found: the root, its own, and its type. */
const targetsOf = ({ uuid }: Pick<SsdpDevice, 'uuid'>): readonly string[] => [
  'upnp:rootdevice',
  `uuid:${uuid}`,
  DEVICE_TYPE,
]

const usnOf = (uuid: string, target: string): string => (target === `uuid:${uuid}` ? target : `uuid:${uuid}::${target}`)

const message = (first: string, headers: Readonly<Record<string, string>>): string =>
  `${[first, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`

/** The answers of a device to a search, one a name that is asked for. */
export function searchAnswers({ target }: SsdpSearch, device: SsdpDevice): readonly string[] {
  const names = targetsOf(device)
  const found = target === 'ssdp:all' ? names : names.filter((name) => name === target)
  return found.map((name) =>
    message('HTTP/1.1 200 OK', {
      'CACHE-CONTROL': `max-age=${SSDP_MAX_AGE}`,
      EXT: '',
      LOCATION: device.location,
      SERVER,
      ST: name,
      USN: usnOf(device.uuid, name),
    }),
  )
}

/** What a device says when it comes (`ssdp:alive`) and goes (`ssdp:byebye`), one message a name. */
export function announcements(kind: 'ssdp:alive' | 'ssdp:byebye', device: SsdpDevice): readonly string[] {
  return targetsOf(device).map((name) =>
    message('NOTIFY * HTTP/1.1', {
      HOST: `${SSDP.address}:${SSDP.port}`,
      NT: name,
      NTS: kind,
      USN: usnOf(device.uuid, name),
      ...(kind === 'ssdp:alive'
        ? { 'CACHE-CONTROL': `max-age=${SSDP_MAX_AGE}`, LOCATION: device.location, SERVER }
        : {}),
    }),
  )
}
