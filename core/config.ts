import { decodeAddressPart } from './address-part.ts'
import type { CallRules } from './access/rights.ts'
import { readGuideFeeds } from './config/guide-feeds.ts'
import type { GuideFeedConfig } from './config/guide-feeds.ts'
import { KEPT } from './config/masked.ts'
import { missingKey, readMapping, unknownKey, wrongValue } from './config/invalid.ts'
import { SETTINGS } from './config/settings.ts'
import type { Setting, SettingKey, SettingValue } from './config/settings.ts'
import { readUsers } from './config/users.ts'
import type { FixedAccount } from './access/fixed-accounts.ts'
import { readSources } from './config/sources.ts'
import type { SourceConfig, SourceSchemas } from './config/sources.ts'
import { readSites } from './config/sites.ts'
import type { SiteConfig } from './config/sites.ts'
import { Failure } from './errors.ts'

export type { ListenAddress } from './config/values.ts'
export type { SourceBase, SourceConfig, SourceSchemas } from './config/sources.ts'
export type { SiteConfig } from './config/sites.ts'
export type { GuideFeedConfig } from './config/guide-feeds.ts'
export type { SettingKey } from './config/settings.ts'

/** Where a value comes from; the first that has one wins, in this order. */
export type Origin = 'option' | 'environment' | 'file' | 'default'

type Value<Key extends SettingKey> = SettingValue<Key>

/** The configuration of the house, complete and checked. Secrets print as `***`. */
export type Config<Schemas extends SourceSchemas = SourceSchemas> = {
  readonly listen: Value<'listen'>
  readonly publicUrl: Value<'publicUrl'>
  readonly dataDir: Value<'dataDir'>
  readonly role: Value<'role'>
  readonly log: {
    readonly level: Value<'log.level'>
    readonly file: Value<'log.file'>
    readonly maxBytes: Value<'log.maxBytes'>
  }
  readonly ffmpeg: { readonly path: Value<'ffmpeg.path'> }
  readonly access: {
    readonly anonymous: NonNullable<Value<'access.anonymous'>>
    readonly trustedProxies: Value<'access.trustedProxies'>
    readonly hosts: Value<'access.hosts'>
  }
  readonly links: {
    readonly adapterUrl: Value<'links.adapterUrl'>
    /** Null only for role `all`, which generates its own into the data folder. */
    readonly keys: Value<'links.keys'>
    readonly ttlSeconds: Value<'links.ttlSeconds'>
    readonly mode: Value<'links.mode'>
    /** Whether a front asks the adapter for a sign of life before it sends viewers there. */
    readonly checkAdapter: Value<'links.checkAdapter'>
    /** Name of this adapter's site, and of the one site of a front. */
    readonly site: Value<'links.site'>
    /** Base URLs of fronts to which this house publishes. */
    readonly fronts: Value<'links.fronts'>
    /** Public keys of those who may publish to this front; []: nobody, what its adapter tells counts. */
    readonly publishers: Value<'links.publishers'>
    /** The houses behind a front that joins several; []: one, at `adapterUrl`. */
    readonly sites: readonly SiteConfig[]
  }
  readonly leases: {
    /** Null: kept by this process alone. */
    readonly url: Value<'leases.url'>
  }
  readonly admin: { readonly password: Value<'admin.password'> }
  readonly guide: {
    readonly days: Value<'guide.days'>
    readonly refreshHours: Value<'guide.refreshHours'>
    readonly xmltv: readonly GuideFeedConfig[]
  }
  readonly audio: {
    readonly codec: Value<'audio.codec'>
    readonly bitrateKbps: Value<'audio.bitrateKbps'>
    readonly channels: Value<'audio.channels'>
    readonly ts: Value<'audio.ts'>
  }
  readonly transcode: {
    readonly hardware: Value<'transcode.hardware'>
    /** Null: by the processor and the hardware. */
    readonly limit: Value<'transcode.limit'>
    readonly bitrate720pKbps: Value<'transcode.bitrate720pKbps'>
    readonly bitrate480pKbps: Value<'transcode.bitrate480pKbps'>
  }
  readonly hls: {
    readonly segmentSeconds: Value<'hls.segmentSeconds'>
    readonly windowSeconds: Value<'hls.windowSeconds'>
    readonly idleSeconds: Value<'hls.idleSeconds'>
  }
  readonly live: {
    readonly lingerSeconds: Value<'live.lingerSeconds'>
    readonly slates: Value<'live.slates'>
    readonly precedence: Value<'live.precedence'>
  }
  readonly timeShift: {
    readonly minutes: Value<'timeShift.minutes'>
    readonly dir: Value<'timeShift.dir'>
    readonly maxBytes: Value<'timeShift.maxBytes'>
  }
  readonly history: { readonly days: Value<'history.days'>; readonly addresses: Value<'history.addresses'> }
  readonly hdhr: {
    readonly enabled: Value<'hdhr.enabled'>
    readonly name: Value<'hdhr.name'>
    /** Null: made once and kept. */
    readonly deviceId: Value<'hdhr.deviceId'>
    readonly discovery: Value<'hdhr.discovery'>
    readonly devices: Value<'hdhr.devices'>
    readonly firstPort: Value<'hdhr.firstPort'>
    readonly allow: Value<'hdhr.allow'>
  }
  readonly backup: {
    readonly keep: Value<'backup.keep'>
    readonly hour: Value<'backup.hour'>
    /** Of daily backups; null: they are not sealed. */
    readonly passphrase: Value<'backup.passphrase'>
  }
  readonly paths: { readonly allow: Value<'paths.allow'> }
  readonly sources: readonly SourceConfig<Schemas>[]
  /** People who are written down here, beside those of the data folder. */
  readonly users: readonly FixedAccount[]
  /** Where each value comes from. */
  readonly origins: Readonly<Record<SettingKey | 'sources', Origin>>
  /** Each value as it may be shown. */
  readonly shown: Readonly<Record<SettingKey, ShownValue>>
}

/** A value as somebody would write it: secrets read `set`, lists of entries their number. */
export type ShownValue = { readonly value: unknown; readonly default: unknown }

/** What the configuration is read from. Empty environment variables count as not set. */
export type ConfigInput<Schemas extends SourceSchemas> = {
  /** The parsed file; undefined or null if there is none. */
  readonly file: unknown
  readonly env: Readonly<Record<string, string | undefined>>
  /** Options of the command line by name, without dashes. */
  readonly options: Readonly<Record<string, string | undefined>>
  readonly sourceSchemas: Schemas
}

/**
 * Reads the configuration: option before environment before file before default (contract §2).
 *
 * Fails with `config/invalid` at the first thing that is wrong; the message is one line that names the key and what it
 * should be, without any secret.
 */
export function parseConfig<Schemas extends SourceSchemas>(input: ConfigInput<Schemas>): Config<Schemas> {
  const file = flatten(input.file)
  const origins: Partial<Record<SettingKey | 'sources', Origin>> = {}
  const shown: Partial<Record<SettingKey, ShownValue>> = {}

  const get = <Key extends SettingKey>(key: Key): SettingValue<Key> => {
    const setting: Setting<unknown, unknown> = SETTINGS[key]
    const { origin, name, value } = find(key, setting, input, file)
    origins[key] = origin
    const fallback = showValue(key, setting.default)
    shown[key] = { value: origin === 'default' ? fallback : showValue(key, value), default: fallback }
    // The reader of a key gives the type that `SettingValue` takes from it.
    return (origin === 'default' ? setting.default : read(setting, name, value)) as SettingValue<Key>
  }

  const publicUrl = get('publicUrl')
  const trustedProxies = get('access.trustedProxies')
  const hidden = publicUrl !== null || trustedProxies.length > 0
  const { list, origin } = listSources(input, file)
  origins.sources = origin
  const sources = readSources(list, input.sourceSchemas)
  const sourceIds = sources.map(({ id }) => id)

  const values: Omit<Config<Schemas>, 'origins' | 'shown'> = {
    listen: get('listen'),
    publicUrl,
    dataDir: get('dataDir'),
    role: get('role'),
    log: { level: get('log.level'), file: get('log.file'), maxBytes: get('log.maxBytes') },
    ffmpeg: { path: get('ffmpeg.path') },
    // Behind a proxy every caller may look like a neighbour, so nobody is let in by address unless the owner says so.
    access: {
      anonymous: get('access.anonymous') ?? (hidden ? 'none' : 'loopback'),
      trustedProxies,
      hosts: get('access.hosts'),
    },
    links: {
      adapterUrl: get('links.adapterUrl'),
      keys: get('links.keys'),
      ttlSeconds: get('links.ttlSeconds'),
      mode: get('links.mode'),
      checkAdapter: get('links.checkAdapter'),
      site: get('links.site'),
      fronts: get('links.fronts'),
      publishers: get('links.publishers'),
      sites: readSites(get('links.sites')),
    },
    leases: { url: get('leases.url') },
    admin: { password: get('admin.password') },
    guide: {
      days: get('guide.days'),
      refreshHours: get('guide.refreshHours'),
      xmltv: readGuideFeeds(get('guide.xmltv'), sourceIds),
    },
    audio: {
      codec: get('audio.codec'),
      bitrateKbps: get('audio.bitrateKbps'),
      channels: get('audio.channels'),
      ts: get('audio.ts'),
    },
    transcode: {
      hardware: get('transcode.hardware'),
      limit: get('transcode.limit'),
      bitrate720pKbps: get('transcode.bitrate720pKbps'),
      bitrate480pKbps: get('transcode.bitrate480pKbps'),
    },
    hls: {
      segmentSeconds: get('hls.segmentSeconds'),
      windowSeconds: get('hls.windowSeconds'),
      idleSeconds: get('hls.idleSeconds'),
    },
    live: {
      lingerSeconds: get('live.lingerSeconds'),
      slates: get('live.slates'),
      precedence: get('live.precedence'),
    },
    timeShift: {
      minutes: get('timeShift.minutes'),
      dir: get('timeShift.dir'),
      maxBytes: get('timeShift.maxBytes'),
    },
    history: { days: get('history.days'), addresses: get('history.addresses') },
    hdhr: {
      enabled: get('hdhr.enabled'),
      name: get('hdhr.name'),
      deviceId: get('hdhr.deviceId'),
      discovery: get('hdhr.discovery'),
      devices: get('hdhr.devices'),
      firstPort: get('hdhr.firstPort'),
      allow: get('hdhr.allow'),
    },
    backup: { keep: get('backup.keep'), hour: get('backup.hour'), passphrase: get('backup.passphrase') },
    paths: { allow: get('paths.allow') },
    sources,
    users: readUsers(get('users')),
  }
  checkTogether(values)
  // Every key was asked for above.
  return { ...values, origins: origins as Config['origins'], shown: shown as Config['shown'] }
}

/** Rules of who may call, as configured: the names of our own addresses count as ours. */
export function callRules(config: Pick<Config, 'access' | 'publicUrl' | 'links'>): CallRules {
  const { anonymous, trustedProxies, hosts } = config.access
  const own = [config.publicUrl, config.links.adapterUrl].flatMap((url) =>
    url === null ? [] : [new URL(url).hostname.toLowerCase()],
  )
  return { anonymous, trustedProxies, hosts: [...new Set([...hosts, ...own])] }
}

/** Each of them is a stream of uploads when the guide changes. */
const MOST_FRONTS = 8

/** What two keys have to say to each other. */
function checkTogether({
  role,
  links,
  leases,
  hls,
  listen,
}: Pick<Config, 'role' | 'links' | 'leases' | 'hls' | 'listen'>): void {
  if (listen.length === 0) throw wrongValue('listen', 'at least one address')
  if (role !== 'all' && links.keys === null) {
    throw missingKey('links.keys', `the same keys at gateway and adapter for role "${role}" (DOWNLINK_LINK_KEYS)`)
  }
  if (links.sites.length > 0 && links.adapterUrl !== null) {
    throw wrongValue('links.adapterUrl', 'left out where "links.sites" says the address of every site')
  }
  if (links.sites.length > 0 && links.publishers.length > 0) {
    throw wrongValue('links.publishers', 'left out where "links.sites" says the publishers of every site')
  }
  if (role === 'gateway' && links.adapterUrl === null && links.sites.length === 0) {
    throw missingKey('links.adapterUrl', 'the public address of the adapter for role "gateway" (DOWNLINK_ADAPTER_URL)')
  }
  if (links.fronts.length > MOST_FRONTS) throw wrongValue('links.fronts', `at most ${MOST_FRONTS} addresses`)
  if (role === 'gateway' && leases.url?.kind === 'front') {
    throw wrongValue(
      'leases.url',
      'a database, or nothing, for role "gateway": a front is where others keep their leases',
    )
  }
  if (hls.windowSeconds < 3 * hls.segmentSeconds) {
    throw wrongValue(
      'hls.windowSeconds',
      `at least three segments (${3 * hls.segmentSeconds} seconds)`,
      hls.windowSeconds,
    )
  }
}

/** Keys whose values are lists of mappings, or keys to doors. */
const ENTRIES = ['users', 'guide.xmltv'] as const satisfies readonly SettingKey[]
const SEALED = ['links.keys', 'admin.password', 'backup.passphrase'] as const satisfies readonly SettingKey[]

function showValue(key: SettingKey, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (SEALED.some((one) => one === key)) return KEPT
  if (ENTRIES.some((one) => one === key)) return Array.isArray(value) ? value.length : 0
  if (key === 'listen' && Array.isArray(value)) return value.map(showAddress)
  if (Array.isArray(value)) return value.map(withoutPath)
  return withoutPath(value)
}

/** Somebody may have written a password into an address: only its origin is told. */
function withoutPath(value: unknown): unknown {
  if (typeof value !== 'string' || !value.includes('://')) return value
  const url = URL.parse(value)
  return url === null ? KEPT : `${url.protocol}//${url.host}`
}

const showAddress = (address: unknown): unknown =>
  typeof address === 'object' && address !== null && 'port' in address ? `:${String(address.port)}` : address

type Found = { readonly origin: Origin; readonly name: string; readonly value: unknown }

function find(
  key: SettingKey,
  setting: Setting<unknown, unknown>,
  { options, env }: Pick<ConfigInput<SourceSchemas>, 'options' | 'env'>,
  file: ReadonlyMap<string, unknown>,
): Found {
  const option = setting.option === null ? undefined : options[setting.option]
  if (option !== undefined) return { origin: 'option', name: `--${setting.option}`, value: option }
  const variable = setting.env === null ? undefined : env[setting.env]
  if (variable !== undefined && variable.trim() !== '')
    return { origin: 'environment', name: `${setting.env} (${key})`, value: variable }
  const written = file.get(key)
  if (written !== undefined && written !== null) return { origin: 'file', name: key, value: written }
  return { origin: 'default', name: key, value: setting.default }
}

function read({ value: reader }: Setting<unknown, unknown>, name: string, value: unknown): unknown {
  try {
    const result = reader.read(value)
    if (result !== null) return result
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Failure('config/invalid', `${name}: ${error.message}`, { key: name }, error)
    throw error
  }
  throw wrongValue(name, reader.shouldBe, reader.secret ? undefined : value)
}

/** The file as key paths to values (`access.hosts`); unknown keys are refused here. */
function flatten(file: unknown): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>()
  const known = [...Object.keys(SETTINGS), 'sources']
  const top = new Set(known.map((key) => key.split('.')[0] ?? key))
  for (const [name, value] of Object.entries(readMapping(file, 'the file'))) {
    if (known.includes(name) && !name.includes('.')) values.set(name, value)
    else if (!top.has(name) || name.includes('.')) throw unknownKey(name, name, [...top])
    else {
      const inside = known.filter((key) => key.startsWith(`${name}.`)).map((key) => key.slice(name.length + 1))
      for (const [inner, innerValue] of Object.entries(readMapping(value, name))) {
        if (!inside.includes(inner)) throw unknownKey(`${name}.${inner}`, inner, inside)
        values.set(`${name}.${inner}`, innerValue)
      }
    }
  }
  return values
}

/** `DOWNLINK_E2_URL` is one receiver without a file; it takes the place of the file's sources. */
function listSources(
  { env }: Pick<ConfigInput<SourceSchemas>, 'env'>,
  file: ReadonlyMap<string, unknown>,
): { list: unknown; origin: Origin } {
  const address = env['DOWNLINK_E2_URL']?.trim()
  if (address === undefined || address === '')
    return { list: file.get('sources'), origin: file.has('sources') ? 'file' : 'default' }
  const url = URL.parse(address.includes('://') ? address : `http://${address}`)
  // A lone "%" in a password cannot be decoded later.
  if (url === null || !/^https?:$/.test(url.protocol) || /%(?![0-9a-f]{2})/i.test(url.username + url.password)) {
    throw wrongValue('DOWNLINK_E2_URL (sources)', 'the address of a receiver like "http://192.168.1.20"')
  }
  const { username, password } = url
  url.username = ''
  url.password = ''
  const login = username === '' ? {} : { username: decodeAddressPart(username), password: decodeAddressPart(password) }
  return { list: [{ id: 'receiver', kind: 'enigma2', url: url.href, ...login }], origin: 'environment' }
}
