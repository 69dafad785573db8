import * as v from 'valibot'
import { Secret } from '../secret.ts'

const port = v.pipe(
  v.number('should be a port number from 1 to 65535'),
  v.integer('should be a port number from 1 to 65535'),
  v.minValue(1, 'should be a port number from 1 to 65535'),
  v.maxValue(65_535, 'should be a port number from 1 to 65535'),
)
const autoOrPort = v.union([v.literal('auto'), port], '"auto" or a port number from 1 to 65535')

const address = (sentence: string) =>
  v.pipe(
    v.string(sentence),
    v.transform((text) => URL.parse(text.includes('://') ? text : `http://${text}`)),
    v.check((url) => url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '', sentence),
    v.check(
      (url) => url?.username === '' && url.password === '',
      'an address without user name; write "username" and "password" beside it',
    ),
    v.transform((url) => url as URL), // null was refused above
  )

const plainOrNumber = v.union([v.string(), v.pipe(v.number(), v.transform(String))])

/**
 * The keys of a source of kind `enigma2`, beside those that every source has (contract §2).
 *
 * `url` and `streamUrl` come out as `URL`; the scheme may be left out and is `http` then.
 */
export const enigma2Schema = v.strictObject({
  /** Web interface of the receiver. */
  url: address('the address of the receiver, like "http://192.168.1.20"'),
  username: v.optional(plainOrNumber),
  password: v.optional(
    v.pipe(
      plainOrNumber,
      v.transform((text) => new Secret(text)),
    ),
  ),
  /** Port of the receiver's stream server; `auto`: as the receiver says, else 8001. */
  streamPort: v.optional(autoOrPort, 'auto'),
  /** Another host and port that serve the streams: a relay on another machine. */
  streamUrl: v.optional(address('an address like "http://192.168.1.30:17999"')),
  /** Port of the descrambling stream relay; `auto`: as the receiver says, else 17999. */
  relayPort: v.optional(autoOrPort, 'auto'),
  /** Names of the bouquets to list; empty: all TV bouquets. */
  bouquets: v.optional(v.array(v.pipe(v.string(), v.trim(), v.nonEmpty('the name of a bouquet'))), []),
  /** Lists the radio bouquets too. */
  radio: v.optional(v.boolean(), false),
})

/** The keys of the kind, read. */
export type Enigma2Settings = v.InferOutput<typeof enigma2Schema>
