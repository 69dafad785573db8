import * as v from 'valibot'
import { Secret } from '../secret.ts'
import { parseMac } from './mac.ts'

/** What the owner knows about the real box; what is missing is derived. */
export type OwnIdentity = {
  readonly serial?: string | undefined
  readonly deviceId?: string | undefined
  readonly deviceId2?: string | undefined
}

/** One MAC of the owner. */
export type MacEntry = OwnIdentity & {
  readonly mac: Secret
  /** For portals that ask for a user and a password beside the MAC. */
  readonly username?: string | undefined
  readonly password?: Secret | undefined
}

const httpUrl = (sentence: string) =>
  v.pipe(
    v.string(sentence),
    v.transform((text) => URL.parse(text.includes('://') ? text.trim() : `http://${text.trim()}`)),
    v.check((url) => url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '', sentence),
    v.transform((url) => url as URL), // null was refused above
  )

const MAC_SENTENCE = 'a MAC address like "00:1A:79:12:34:56"'
const mac = v.pipe(
  v.string(MAC_SENTENCE),
  v.transform(parseMac),
  v.check((text) => text !== null, MAC_SENTENCE),
  v.transform((text) => new Secret(text as string)), // null was refused above
)
const plainOrNumber = v.union([v.pipe(v.string(), v.nonEmpty()), v.pipe(v.number(), v.transform(String))])
const deviceId = v.pipe(
  v.string('64 hexadecimal digits'),
  v.regex(/^[0-9A-Fa-f]{64}$/, '64 hexadecimal digits'),
  v.transform((text) => text.toUpperCase()),
)
const MOST_MACS = 64

const macEntry = v.union(
  [
    v.pipe(
      mac,
      v.transform((one): MacEntry => ({ mac: one })),
    ),
    v.strictObject({
      mac,
      serial: v.optional(v.pipe(plainOrNumber, v.maxLength(32, 'a serial number of at most 32 characters'))),
      deviceId: v.optional(deviceId),
      deviceId2: v.optional(deviceId),
      username: v.optional(plainOrNumber),
      password: v.optional(
        v.pipe(
          plainOrNumber,
          v.transform((text) => new Secret(text)),
        ),
      ),
    }),
  ],
  `${MAC_SENTENCE}, or a mapping with "mac" and what is known of the box: serial, deviceId, deviceId2, username, password`,
)

/**
 * The keys of a source of kind `stalker`, beside those that every source has (contract §2).
 *
 * `url` comes out as `URL`; any address of the portal that people know will do (stalker.md §1).
 */
export const stalkerSchema = v.strictObject({
  /** Any address of the portal: `http://host/c/`, `http://host/stalker_portal/c/`, `http://host/portal.php`. */
  url: v.pipe(
    httpUrl('the address of the portal, like "http://portal.example/c/"'),
    v.check((url) => url.username === '' && url.password === '', 'an address without user name'),
  ),
  /** The owner's own MACs; as texts, or as mappings with what is known of the real box. */
  macs: v.pipe(
    v.array(macEntry, 'a list of MAC addresses'),
    v.minLength(1, 'at least one MAC address'),
    v.maxLength(MOST_MACS, `at most ${MOST_MACS} MAC addresses`),
    v.check(
      (macs) => new Set(macs.map((one) => one.mac.reveal())).size === macs.length,
      'MAC addresses that differ from each other',
    ),
  ),
  /** How many streams a MAC may have open at a time; 0: no limit. */
  streamsPerMac: v.optional(
    v.pipe(
      v.number('a whole number, 0 for no limit'),
      v.integer('a whole number, 0 for no limit'),
      v.minValue(0, 'a whole number, 0 for no limit'),
      v.maxValue(100, 'at most 100'),
    ),
    1,
  ),
  /** HTTP proxy for everything that goes to the portal and to its streams; it may carry a login, so it is secret. */
  proxy: v.optional(
    v.pipe(
      httpUrl('the address of a proxy, like "http://proxy.example:3128"'),
      v.transform((url) => new Secret(url.href)),
    ),
  ),
  /** Lists radio stations too. */
  radio: v.optional(v.boolean(), false),
  /** Time zone in which the portal is asked to speak. */
  timezone: v.optional(v.pipe(v.string(), v.check(isTimeZone, 'the name of a time zone like "Europe/Berlin"')), 'UTC'),
})

/** The keys of the kind, read. */
export type StalkerSettings = v.InferOutput<typeof stalkerSchema>

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return !/^[+-]/.test(name) // portals hand the name to a tz database, which knows no offsets
  } catch {
    return false
  }
}
