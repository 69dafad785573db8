import { parseNetwork } from '../access/network.ts'
import type { Network } from '../access/network.ts'
import { isDeviceId, parseDeviceId, printDeviceId, withCheckDigit } from '../hdhr/device-id.ts'
import { parseLinkKeys } from '../access/keys.ts'
import type { LinkKey } from '../access/keys.ts'
import { Secret } from '../secret.ts'
import { parsePublisherId } from '../snapshots/publisher-key.ts'
import type { PublisherId } from '../snapshots/publisher-key.ts'
import { SITE_NAME } from '../snapshots/store.ts'

/**
 * Reads one value, from the file (any type) or from an option or the environment (text).
 *
 * Null: it cannot be read as what `shouldBe` says. A `SyntaxError` carries a better sentence than `shouldBe`.
 */
export type ValueReader<T> = {
  readonly read: (value: unknown) => T | null
  readonly shouldBe: string
  /** The value must not appear in a message. */
  readonly secret?: true
}

/** Where to listen; `host` null means every interface, port 0 lets the system choose. */
export type ListenAddress = { readonly host: string | null; readonly port: number }

const asText = (value: unknown): string | null => {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** Any text that is not empty. */
export const text = (shouldBe: string): ValueReader<string> => ({ shouldBe, read: asText })

/** A text that is never printed. */
export const secret = (shouldBe: string, minLength: number): ValueReader<Secret> => ({
  shouldBe,
  secret: true,
  read(value) {
    const plain = typeof value === 'number' ? String(value) : value
    return typeof plain === 'string' && plain.length >= minLength ? new Secret(plain) : null
  },
})

/** One of a few words. */
export const oneOf = <const Word extends string>(...words: readonly Word[]): ValueReader<Word> => ({
  shouldBe: words.length === 1 ? `"${words[0]}"` : `one of ${words.map((word) => `"${word}"`).join(', ')}`,
  read: (value) => words.find((word) => word === value) ?? null,
})

/** A number of a range, both ends included. */
export function numberIn(min: number, max: number, unit: string, kind: 'whole' | 'any' = 'whole'): ValueReader<number> {
  return {
    shouldBe: `a ${kind === 'whole' ? 'whole ' : ''}number of ${unit} from ${min} to ${max}`,
    read(value) {
      const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value
      if (typeof number !== 'number' || !(number >= min && number <= max)) return null
      return kind === 'whole' && !Number.isInteger(number) ? null : number
    },
  }
}

/** Yes or no: a boolean of YAML, or `true`, `yes`, `on`, `1` and their opposites as text. */
export const yesOrNo: ValueReader<boolean> = {
  shouldBe: '"true" or "false"',
  read(value) {
    const word = typeof value === 'boolean' ? String(value) : (asText(value)?.toLowerCase() ?? '')
    if (['true', 'yes', 'on', '1'].includes(word)) return true
    return ['false', 'no', 'off', '0'].includes(word) ? false : null
  },
}

/** A list in YAML, or a text with commas. Every entry must be readable. */
export function listOf<T>(reader: ValueReader<T>): ValueReader<readonly T[]> {
  return {
    shouldBe: `a list; each entry ${reader.shouldBe}`,
    read(value) {
      const entries = typeof value === 'string' ? value.split(',').map((entry) => entry.trim()) : value
      if (!Array.isArray(entries)) return null
      const read: T[] = []
      for (const entry of entries.filter((one) => one !== '')) {
        const item = reader.read(entry)
        if (item === null) return null
        read.push(item)
      }
      return read
    },
  }
}

/** `:18080`, `127.0.0.1:80`, `[::1]:80`, `nas.lan:80` or a port alone. */
export const listenAddress: ValueReader<ListenAddress> = {
  shouldBe: 'an address like ":18080", "127.0.0.1:18000" or "[::1]:80"',
  read(value) {
    const match = /^(?:(?:\[([0-9a-f:.]+)\]|([^:[\]\s/]*)):)?(\d{1,5})$/i.exec(asText(value) ?? '')
    const port = Number(match?.[3])
    if (match === null || port > 65_535) return null
    return { host: match[1] ?? (match[2] || null), port }
  },
}

/** A port to listen on. */
export const portNumber: ValueReader<number> = {
  ...numberIn(1, 65_535, 'ports'),
  shouldBe: 'a port, a whole number from 1 to 65535',
}

/** A base URL, with a path where a proxy puts us below one; without a slash at the end. */
export const baseUrl = (example: string): ValueReader<string> => ({
  shouldBe: `an http(s) address like "${example}" without user name or query`,
  secret: true, // somebody may have written a password into it
  read(value) {
    const url = URL.parse(asText(value) ?? '')
    if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null
    if (url.search !== '' || url.hash !== '') return null
    return (url.origin + url.pathname).replace(/\/+$/, '')
  },
})

/** An address or range of a proxy. */
export const network: ValueReader<Network> = {
  shouldBe: 'an address or range like "192.168.1.2" or "172.16.0.0/12"',
  read: (value) => (typeof value === 'string' ? parseNetwork(value) : null),
}

/** A DNS name as it comes in `Host`, without port; lower-case. */
export const hostNameValue: ValueReader<string> = {
  shouldBe: 'a host name like "nas.local", without scheme and port',
  read: (value) =>
    typeof value === 'string' && /^[a-z0-9_]([a-z0-9_-]*)(\.[a-z0-9_-]+)*$/i.test(value.trim())
      ? value.trim().toLowerCase()
      : null,
}

/** `kid:base64url[,kid:base64url]`; in YAML also a list of such entries. */
export const linkKeys: ValueReader<readonly LinkKey[]> = {
  shouldBe: '"kid:base64url[,kid:base64url]" with at least 32 random bytes each',
  secret: true,
  read(value) {
    const joined = Array.isArray(value) ? value.join(',') : value
    return typeof joined === 'string' ? parseLinkKeys(joined) : null
  },
}

/** The public key of an adapter that publishes. */
export const publisherId: ValueReader<PublisherId> = {
  shouldBe: 'a public key of 43 characters, as "downlink publisher" prints it where the adapter is',
  read: (value) => parsePublisherId(asText(value) ?? ''),
}

/** The name of a site, as one adapter and its fronts call it. */
export const siteName: ValueReader<string> = {
  shouldBe: 'a name of 1 to 16 small letters, digits and dashes, like "home"',
  read: (value) => (SITE_NAME.test(asText(value) ?? '') ? asText(value) : null),
}

/** A list of mappings, each to be read by the schema of its key. */
export const entries: ValueReader<readonly unknown[]> = {
  shouldBe: 'a list',
  read: (value) => (Array.isArray(value) ? value : null),
}

/** Id of a virtual HDHomeRun device: eight hexadecimal digits, the last one a check digit. */
export const deviceIdValue: ValueReader<number> = {
  shouldBe: 'eight hexadecimal digits like "105ABCD1", the last one a check digit',
  read(value) {
    const written = asText(value) ?? ''
    const id = parseDeviceId(written)
    if (id !== null || !/^[0-9a-f]{8}$/i.test(written)) return id
    const near = withCheckDigit(Number.parseInt(written, 16))
    if (!isDeviceId(near)) return null
    throw new SyntaxError(
      `the check digit of "${written}" is wrong; it should be "${printDeviceId(near)}" (programs that look for tuners refuse others)`,
    )
  },
}
