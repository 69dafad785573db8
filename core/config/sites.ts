import { MOST_SITES } from '../sites/site-keys.ts'
import type { PublisherId } from '../snapshots/publisher-key.ts'
import { readMapping, unknownKey, wrongValue } from './invalid.ts'
import { baseUrl, listOf, numberIn, publisherId, siteName } from './values.ts'
import type { ValueReader } from './values.ts'

/** One of the houses behind a front. */
export type SiteConfig = {
  readonly id: string
  /** Never changed: the keys of its channels on the front are made of it. */
  readonly number: number
  /** Base URL of its adapter, no slash at the end. */
  readonly adapterUrl: string
  /** Who may publish for it; []: nobody. */
  readonly publishers: readonly PublisherId[]
  /** Added to its channel numbers. */
  readonly numbersFrom: number
}

const READERS = {
  id: siteName,
  number: numberIn(0, MOST_SITES - 1, 'sites'),
  adapterUrl: baseUrl('https://home.example.org'),
  publishers: listOf(publisherId),
  numbersFrom: numberIn(0, 900_000, 'channels'),
} as const satisfies { readonly [Key in keyof SiteConfig]: ValueReader<SiteConfig[Key]> }

/** A list of mappings in YAML; in the environment the same as JSON. */
export const siteEntries: ValueReader<readonly unknown[]> = {
  shouldBe: 'a list of sites, in the environment as JSON like [{"id":"home","number":0,"adapterUrl":"https://…"}]',
  secret: true,
  read(value) {
    const list: unknown = typeof value === 'string' ? parseJson(value) : value
    return Array.isArray(list) ? (list as readonly unknown[]) : null
  },
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // the reader says what it should be
  }
}

/** Reads `links.sites[]`. Fails with `config/invalid`, naming the key (`links.sites[1].number`). */
export function readSites(list: readonly unknown[]): readonly SiteConfig[] {
  const sites = list.map((entry, index) => readSite(entry, `links.sites[${index}]`))
  for (const [index, { id, number }] of sites.entries()) {
    const before = sites.slice(0, index)
    if (before.some((one) => one.id === id)) throw wrongValue(`links.sites[${index}].id`, 'a name of its own', id)
    if (before.some((one) => one.number === number))
      throw wrongValue(`links.sites[${index}].number`, 'a number of its own', number)
  }
  return sites
}

function readSite(entry: unknown, key: string): SiteConfig {
  const mapping = readMapping(entry, key)
  const known = Object.keys(READERS)
  for (const name of Object.keys(mapping)) if (!known.includes(name)) throw unknownKey(`${key}.${name}`, name, known)
  const read = <T>(name: string, reader: ValueReader<T>, fallback?: T): T => {
    const written = mapping[name] ?? undefined
    const value = written === undefined ? fallback : reader.read(written)
    if (value === undefined || value === null)
      throw wrongValue(`${key}.${name}`, reader.shouldBe, reader.secret ? undefined : written)
    return value
  }
  return {
    id: read('id', READERS.id),
    number: read('number', READERS.number),
    adapterUrl: read('adapterUrl', READERS.adapterUrl),
    publishers: read('publishers', READERS.publishers, []),
    numbersFrom: read('numbersFrom', READERS.numbersFrom, 0),
  }
}
