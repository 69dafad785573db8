import { leaseAddress } from './lease-address.ts'
import { siteEntries } from './sites.ts'
import {
  baseUrl,
  deviceIdValue,
  entries,
  hostNameValue,
  linkKeys,
  listenAddress,
  listOf,
  network,
  numberIn,
  oneOf,
  portNumber,
  publisherId,
  secret,
  siteName,
  text,
  yesOrNo,
} from './values.ts'
import type { ValueReader } from './values.ts'

/** One key of the configuration: how it is read, its default, and its other names. */
export type Setting<T, Default extends T | null> = {
  readonly value: ValueReader<T>
  readonly default: Default
  /** Environment variable. */
  readonly env: string | null
  /** Option of the command line, without dashes. */
  readonly option: string | null
}

function setting<T, Default extends T | null>(
  value: ValueReader<T>,
  fallback: Default,
  names: { readonly env?: string; readonly option?: string } = {},
): Setting<T, Default> {
  return { value, default: fallback, env: names.env ?? null, option: names.option ?? null }
}

const MIB = 1024 * 1024
const GIB = 1024 * MIB

/**
 * Every key of the configuration except `sources`, by its path in the file (contract §2).
 *
 * A key of later work is not here and so is unknown.
 */
export const SETTINGS = {
  listen: setting(listOf(listenAddress), [{ host: null, port: 18_080 }], { env: 'DOWNLINK_LISTEN', option: 'listen' }),
  publicUrl: setting(baseUrl('https://tv.example.org'), null, { env: 'DOWNLINK_PUBLIC_URL' }),
  dataDir: setting(text('a folder'), './data', { env: 'DOWNLINK_DATA', option: 'data' }),
  role: setting(oneOf('all', 'gateway', 'adapter'), 'all', { env: 'DOWNLINK_ROLE', option: 'role' }),
  'log.level': setting(oneOf('debug', 'info', 'warn', 'error'), 'info', {
    env: 'DOWNLINK_LOG_LEVEL',
    option: 'log-level',
  }),
  'log.file': setting(text('a file name'), null, { env: 'DOWNLINK_LOG_FILE' }),
  'log.maxBytes': setting(numberIn(64 * 1024, 4096 * MIB, 'bytes'), 10 * MIB, { env: 'DOWNLINK_LOG_MAX_BYTES' }),
  'ffmpeg.path': setting(text('the path of an ffmpeg program'), null, { env: 'FFMPEG_PATH' }),
  'access.anonymous': setting(oneOf('none', 'loopback', 'lan'), null, { env: 'DOWNLINK_ANONYMOUS' }),
  'access.trustedProxies': setting(listOf(network), [], { env: 'DOWNLINK_TRUSTED_PROXIES' }),
  'access.hosts': setting(listOf(hostNameValue), [], { env: 'DOWNLINK_HOSTS' }),
  'links.adapterUrl': setting(baseUrl('https://home.example.org'), null, { env: 'DOWNLINK_ADAPTER_URL' }),
  'links.keys': setting(linkKeys, null, { env: 'DOWNLINK_LINK_KEYS' }),
  'links.ttlSeconds': setting(numberIn(30, 86_400, 'seconds'), 300, { env: 'DOWNLINK_LINK_TTL' }),
  'links.mode': setting(oneOf('redirect', 'proxy'), 'redirect', { env: 'DOWNLINK_LINK_MODE' }),
  'links.site': setting(siteName, 'home', { env: 'DOWNLINK_SITE' }),
  'links.fronts': setting(listOf(baseUrl('https://tv.example.org')), [], { env: 'DOWNLINK_FRONTS' }),
  'links.publishers': setting(listOf(publisherId), [], { env: 'DOWNLINK_PUBLISHERS' }),
  'links.checkAdapter': setting(yesOrNo, true, { env: 'DOWNLINK_CHECK_ADAPTER' }),
  'leases.url': setting(leaseAddress, null, { env: 'DOWNLINK_LEASES_URL' }),
  'links.sites': setting(siteEntries, [], { env: 'DOWNLINK_SITES' }),
  'admin.password': setting(secret('a text of at least 8 characters', 8), null, { env: 'DOWNLINK_ADMIN_PASSWORD' }),
  'guide.days': setting(numberIn(1, 21, 'days'), 7, { env: 'DOWNLINK_GUIDE_DAYS' }),
  'guide.refreshHours': setting(numberIn(1, 168, 'hours'), 6, { env: 'DOWNLINK_GUIDE_REFRESH_HOURS' }),
  'guide.xmltv': setting(entries, []),
  'audio.codec': setting(oneOf('aac'), 'aac', { env: 'DOWNLINK_AUDIO_CODEC' }),
  'audio.bitrateKbps': setting(numberIn(32, 512, 'kbit/s'), 192, { env: 'DOWNLINK_AUDIO_BITRATE_KBPS' }),
  'audio.channels': setting(numberIn(1, 8, 'channels'), 2, { env: 'DOWNLINK_AUDIO_CHANNELS' }),
  'audio.ts': setting(oneOf('original', 'aac'), 'original', { env: 'DOWNLINK_AUDIO_TS' }),
  'transcode.hardware': setting(oneOf('auto', 'none', 'vaapi', 'qsv', 'nvenc', 'v4l2m2m', 'videotoolbox'), 'auto', {
    env: 'DOWNLINK_TRANSCODE_HARDWARE',
  }),
  'transcode.limit': setting(numberIn(0, 64, 'channels'), null, { env: 'DOWNLINK_TRANSCODE_LIMIT' }),
  'transcode.bitrate720pKbps': setting(numberIn(500, 20_000, 'kbit/s'), 3000, {
    env: 'DOWNLINK_TRANSCODE_BITRATE_720P_KBPS',
  }),
  'transcode.bitrate480pKbps': setting(numberIn(200, 10_000, 'kbit/s'), 1200, {
    env: 'DOWNLINK_TRANSCODE_BITRATE_480P_KBPS',
  }),
  'hls.segmentSeconds': setting(numberIn(0.5, 10, 'seconds', 'any'), 2, { env: 'DOWNLINK_HLS_SEGMENT_SECONDS' }),
  'hls.windowSeconds': setting(numberIn(6, 600, 'seconds', 'any'), 14, { env: 'DOWNLINK_HLS_WINDOW_SECONDS' }),
  'hls.idleSeconds': setting(numberIn(5, 600, 'seconds', 'any'), 12, { env: 'DOWNLINK_HLS_IDLE_SECONDS' }),
  'live.lingerSeconds': setting(numberIn(0, 600, 'seconds', 'any'), 5, { env: 'DOWNLINK_LINGER' }),
  'live.slates': setting(yesOrNo, true, { env: 'DOWNLINK_SLATES' }),
  'live.precedence': setting(listOf(text('the name of a viewing link or an account')), [], {
    env: 'DOWNLINK_PRECEDENCE',
  }),
  'timeShift.minutes': setting(numberIn(0, 360, 'minutes'), 0, { env: 'DOWNLINK_TIME_SHIFT_MINUTES' }),
  'timeShift.dir': setting(text('a folder'), null, { env: 'DOWNLINK_TIME_SHIFT_DIR' }),
  'timeShift.maxBytes': setting(numberIn(256 * MIB, 16_384 * GIB, 'bytes'), 20 * GIB, {
    env: 'DOWNLINK_TIME_SHIFT_MAX_BYTES',
  }),
  'history.days': setting(numberIn(1, 3650, 'days'), 30, { env: 'DOWNLINK_HISTORY_DAYS' }),
  'history.addresses': setting(oneOf('full', 'network', 'none'), 'full', { env: 'DOWNLINK_HISTORY_ADDRESSES' }),
  'hdhr.enabled': setting(yesOrNo, true, { env: 'DOWNLINK_HDHR_ENABLED' }),
  'hdhr.name': setting(text('a name'), 'downlink', { env: 'DOWNLINK_HDHR_NAME' }),
  'hdhr.deviceId': setting(deviceIdValue, null, { env: 'DOWNLINK_HDHR_DEVICE_ID' }),
  'hdhr.discovery': setting(oneOf('auto', 'always', 'off'), 'auto', { env: 'DOWNLINK_HDHR_DISCOVERY' }),
  'hdhr.devices': setting(oneOf('one', 'sources'), 'one', { env: 'DOWNLINK_HDHR_DEVICES' }),
  'hdhr.firstPort': setting(portNumber, 18_181, { env: 'DOWNLINK_HDHR_FIRST_PORT' }),
  'hdhr.allow': setting(listOf(network), [], { env: 'DOWNLINK_HDHR_ALLOW' }),
  'backup.keep': setting(numberIn(0, 365, 'daily backups'), 7, { env: 'DOWNLINK_BACKUP_KEEP' }),
  'backup.hour': setting(numberIn(0, 23, 'hours'), 4, { env: 'DOWNLINK_BACKUP_HOUR' }),
  'backup.passphrase': setting(secret('a text of at least 8 characters', 8), null, {
    env: 'DOWNLINK_BACKUP_PASSPHRASE',
  }),
  users: setting(entries, []),
  'paths.allow': setting(listOf(text('a folder')), []),
} as const

/** Settings that may be changed while the program runs; everything else counts from the start on. */
export const LIVE_SETTINGS = ['log.level', 'guide.days', 'history.days', 'backup.keep', 'backup.hour'] as const

/** One of them. */
export type LiveSetting = (typeof LIVE_SETTINGS)[number]

/** Path of a key in the configuration file, `sources` not included. */
export type SettingKey = keyof typeof SETTINGS

/** The value of a key once it is read. */
export type SettingValue<Key extends SettingKey> =
  (typeof SETTINGS)[Key] extends Setting<infer T, infer Default> ? T | (Default & null) : never
