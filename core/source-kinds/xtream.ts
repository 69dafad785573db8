import * as v from 'valibot'
import { Secret } from '../secret.ts'
import { readAccountUrl } from './account-url.ts'

const plainOrNumber = v.pipe(v.union([v.string(), v.pipe(v.number(), v.transform(String))]), v.trim())

const ADDRESS = 'the address of the panel, like "http://tv.example.org:8080" or what the provider calls the M3U address'

const pastedUrl = v.pipe(
  v.string(ADDRESS),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const account = readAccountUrl(dataset.value)
    if (account !== null) {
      const { base, username, password } = account
      return { base, username, password: password === null ? null : new Secret(password) }
    }
    addIssue({ message: ADDRESS })
    return NEVER
  }),
)

/** Panels that filter by program let players pass (protocols/xtream.md §2.2). */
const DEFAULT_USER_AGENT = 'TiviMate/5.1.6 (Android 12)'

/**
 * The keys of a source of kind `xtream`, beside those that every source has (contract §2).
 *
 * User name and password may stand in `url`, as providers hand it out; `username` and `password` win over that.
 */
export const xtreamSchema = v.pipe(
  v.strictObject({
    /** Address of the panel in any form that people paste. */
    url: pastedUrl,
    username: v.optional(plainOrNumber, ''),
    password: v.optional(
      v.pipe(
        plainOrNumber,
        v.transform((text) => new Secret(text)),
      ),
    ),
    /** What we call ourselves there. */
    userAgent: v.optional(
      v.pipe(v.string(), v.trim(), v.regex(/^[\x20-\x7e]{1,200}$/, 'one line of at most 200 plain letters')),
      DEFAULT_USER_AGENT,
    ),
    /** Form in which live channels are asked for; `auto`: MPEG-TS where the account allows it. */
    output: v.optional(v.picklist(['auto', 'ts', 'm3u8'], '"auto", "ts" or "m3u8"'), 'auto'),
    /** Lists films and series too. */
    vod: v.optional(v.boolean(), true),
  }),
  v.forward(
    v.partialCheck(
      [['url'], ['username']],
      ({ url, username }) => username !== '' || url.username !== null,
      'the user name of the account, here or within "url"',
    ),
    ['username'],
  ),
  v.forward(
    v.partialCheck(
      [['url'], ['password']],
      ({ url, password }) => password !== undefined || url.password !== null,
      'the password of the account, here or within "url"',
    ),
    ['password'],
  ),
)

/** The keys of the kind, read. */
export type XtreamSettings = v.InferOutput<typeof xtreamSchema>
