import { FLAG_HIDDEN, FLAG_MARKER, FLAG_NUMBERED, parseServiceReference } from './service-reference.ts'
import type { ServiceReference } from './service-reference.ts'
import type { Pids } from './loop.ts'
import type { Recipe } from './recipe.ts'

/** A satellite frequency: all its services come through one tuner. */
export type Transponder = {
  /** As the box prints it: `19.2° E`. */
  readonly orbital: string
  readonly namespace: number
  readonly tsid: number
  readonly onid: number
  readonly polarisation: 'H' | 'V'
  readonly band: 'low' | 'high'
  /** Symbols per second: decides how long the box waits for a lock. */
  readonly symbolRate: number
}

/** How a service's guide looks: `odd` has every unpleasantness of real guides, `none` was never received. */
export type GuideManner = 'plain' | 'odd' | 'none'

/** A service as it is on air. */
export type Service = {
  /** Canonical reference, e.g. `1:0:19:132F:3EF:1:C00000:0:0:0:`. */
  readonly ref: string
  readonly name: string
  readonly provider: string
  readonly serviceType: number
  readonly sid: number
  readonly transponder: Transponder
  readonly pids: Pids
  readonly recipe: Recipe
  /** Port 8001 delivers it scrambled for ever; the relay can read it. */
  readonly encrypted: boolean
  /** Listed in the box's relay whitelist. */
  readonly relayed: boolean
  readonly guide: GuideManner
  /** What kind of programmes it shows. */
  readonly genre: Genre
  /** Where its picon is found: under its reference, only under its name, or nowhere. */
  readonly picon: 'reference' | 'name' | 'none'
}

/** The flavour of a channel's programmes. */
export type Genre = 'general' | 'news' | 'film' | 'sport' | 'children' | 'music' | 'documentary' | 'radio'

/** A line of a bouquet. `ref` is the text as the box gives it out, with flags, tails and odd spellings. */
export type BouquetEntry = { readonly ref: string; readonly name: string }

/** A list of services, or of anything else a receiver keeps in lists. */
export type Bouquet = {
  readonly kind: 'tv' | 'radio'
  readonly ref: string
  readonly name: string
  /** Left out of the list of bouquets; reached only from inside another one, or by its reference. */
  readonly hidden: boolean
  readonly entries: readonly BouquetEntry[]
}

/** A recording on the box's disk. */
export type Recording = {
  /** Absolute path on the box. */
  readonly file: string
  readonly service: Service
  readonly title: string
  readonly description: string
  readonly beginMs: number
  readonly seconds: number
  /** Words behind each other, as the box keeps them; absent: none. */
  readonly tags?: string
}

/** Everything a receiver has by its nature; nothing in it changes while it runs. */
export type ReceiverModel = {
  readonly boxName: string
  readonly brand: string
  readonly image: string
  readonly frontends: number
  /** With legacy cables a chip of many tuners sees only this many (satellite, band, polarisation) at once; null: any. */
  readonly quadrants: number | null
  readonly services: readonly Service[]
  readonly bouquets: readonly Bouquet[]
  readonly recordings: readonly Recording[]
  /** Extra lines of the relay whitelist, beside the services that are `relayed`. */
  readonly relayWhitelist: readonly string[]
  /** Whether a stream relay runs on the box. */
  readonly relay: boolean
  /** IANA name of the box's time zone. */
  readonly timeZone: string
}

/** The key by which a box shares tuners. */
export function transponderKey(of: {
  readonly namespace: number
  readonly tsid: number
  readonly onid: number
}): string {
  return `${of.namespace.toString(16)}:${of.tsid.toString(16)}:${of.onid.toString(16)}`
}

/** The service that a reference tunes to; flags, service type and name do not matter. */
export function findService(model: ReceiverModel, ref: ServiceReference): Service | null {
  const key = transponderKey(ref)
  return (
    model.services.find((service) => service.sid === ref.sid && transponderKey(service.transponder) === key) ?? null
  )
}

/** Services that share a transponder, in the order of the model: the PAT of that transponder. */
export function servicesOf(model: ReceiverModel, transponder: Transponder): readonly Service[] {
  const key = transponderKey(transponder)
  return model.services.filter((service) => transponderKey(service.transponder) === key)
}

/** Channel numbers by the box's rule: all but markers and hidden lines count, numbered markers count although hidden. */
export function countsAsChannel(ref: string): boolean {
  const flags = parseServiceReference(ref)?.flags ?? 0
  return (flags & FLAG_NUMBERED) !== 0 || (flags & (FLAG_MARKER | FLAG_HIDDEN)) === 0
}

/** The reference under which a user's bouquet file is listed. */
export function bouquetRef(kind: 'tv' | 'radio', file: string, flags = 7): string {
  return `1:${flags}:${kind === 'tv' ? 1 : 2}:0:0:0:0:0:0:0:FROM BOUQUET "userbouquet.${file}.${kind}" ORDER BY bouquet`
}

/** A headline inside a bouquet. */
export function marker(number: number, name: string): BouquetEntry {
  return { ref: `1:64:${number.toString(16).toUpperCase()}:0:0:0:0:0:0:0::${name}`, name }
}

/** A service as a line of a bouquet. */
export function entry(service: Service): BouquetEntry {
  return { ref: service.ref, name: service.name }
}
