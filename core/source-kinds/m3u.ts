import * as v from 'valibot'
import { Secret } from '../secret.ts'
import { zoneOffset } from '../wall-clock.ts'

const LIST = 'the address of the list, like "http://tv.example.org/list.m3u"'
const GUIDE = 'the address of an XMLTV guide, like "http://tv.example.org/guide.xml.gz"'

/** An address that may hold a user name and password, also in its query. */
const secretAddress = (sentence: string) =>
  v.pipe(
    v.string(sentence),
    v.trim(),
    v.check((text) => /^https?:\/\//i.test(text) && URL.canParse(text), sentence),
    v.transform((text) => new Secret(text)),
  )

const HEADER_VALUE = 'a header: one line of plain letters'
const headerValue = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.transform(String))], HEADER_VALUE),
  v.trim(),
  v.regex(/^[\x20-\x7e\xa0-\xff]{1,4096}$/, HEADER_VALUE),
  v.transform((text) => new Secret(text)),
)

/** Servers that filter by program let players pass. */
const DEFAULT_USER_AGENT = 'VLC/3.0.21 LibVLC/3.0.21'

/**
 * The keys of a source of kind `m3u`, beside those that every source has (contract §2).
 *
 * One of `url` and `file` is needed. A relative `file` is below the working directory. Addresses and headers are secrets:
 * they carry passwords.
 */
export const m3uSchema = v.pipe(
  v.strictObject({
    url: v.optional(secretAddress(LIST)),
    /** A list on this machine, plain or packed with gzip. */
    file: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty('the name of a file'))),
    /** XMLTV guide; without it the one that the list names. */
    guideUrl: v.optional(secretAddress(GUIDE)),
    userAgent: v.optional(
      v.pipe(v.string(), v.trim(), v.regex(/^[\x20-\x7e]{1,200}$/, 'one line of at most 200 plain letters')),
      DEFAULT_USER_AGENT,
    ),
    /** Sent with every request to the hosts of `url`, `guideUrl` and `allowHosts`. */
    headers: v.optional(
      v.record(v.pipe(v.string(), v.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'the name of a header')), headerValue),
      {},
    ),
    /** Where the clock of the provider hangs on the wall, for catch-up; without it the zone of this machine. */
    timezone: v.optional(
      v.pipe(
        v.string(),
        v.trim(),
        v.check((zone) => zoneOffset(zone) !== null, 'a time zone, like "Europe/Berlin"'),
      ),
    ),
  }),
  v.forward(
    v.partialCheck(
      [['url'], ['file']],
      ({ url, file }) => (url === undefined) !== (file === undefined),
      'the address of the list; or "file" for a list on this machine, but not both',
    ),
    ['url'],
  ),
)

/** The keys of the kind, read. */
export type M3uSettings = v.InferOutput<typeof m3uSchema>
