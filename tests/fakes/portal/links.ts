import type { PortalMode } from './settings.ts'
import { LINK_LIVES_MS } from './settings.ts'

/** What a link leads to. */
export type LinkTarget = { readonly kind: 'channel' | 'film' | 'episode' | 'archive'; readonly id: number }

/** A link that counts. */
export type Link = { readonly mac: string; readonly target: LinkTarget }

/** Temporary links: short lives, voided by a newer one or by a handshake, as the mode has it (stalker.md §5.4). */
export interface Links {
  /** The path of a fresh link. */
  issue(mac: string, target: LinkTarget): string
  /** What a path leads to; a string says why it does not. */
  read(url: URL): Link | string
  /** Some panels send from one temporary address to another, which lives as shortly; null: this one plays itself. */
  hop(url: URL): string | null
  /** All links of a MAC die. */
  void(mac: string): void
}

type Entry = Link & { readonly until: number; isVoid: boolean }

/** Makes the link table of a portal. */
export function createLinks(options: {
  readonly mode: PortalMode
  readonly forgetsStream: () => boolean
  readonly now: () => number
}): Links {
  const { mode, now } = options
  const entries = new Map<string, Entry>()
  let issued = 0
  const life = LINK_LIVES_MS[mode]

  const add = (mac: string, target: LinkTarget): string => {
    issued++
    const key = `k${issued.toString(36).padStart(9, '0')}`
    for (const [old, entry] of entries) if (entry.until < now() - 60_000) entries.delete(old)
    entries.set(key, { mac, target, until: now() + life, isVoid: false })
    return key
  }
  const keyOf = (url: URL): string =>
    url.searchParams.get('play_token') ?? /\/(?:ch|play|auth|media)\/([^/.]+)/.exec(url.pathname)?.[1] ?? ''
  const voidAll = (mac: string): void => {
    for (const entry of entries.values()) if (entry.mac === mac) entry.isVoid = true
  }
  const check = (url: URL): Entry | string => {
    const entry = entries.get(keyOf(url))
    if (entry === undefined) return 'an address that was never given out'
    if (entry.isVoid) return 'an address that was voided'
    if (entry.until < now()) return 'an address that is too old'
    const stream = url.searchParams.get('stream')
    if (stream !== null && stream !== String(entry.target.id)) return 'an address without its stream'
    return entry
  }

  return {
    void: voidAll,
    read: check,
    issue(mac, target) {
      if (mode === 'xc29') voidAll(mac)
      const key = add(mac, target)
      if (target.kind !== 'channel') return `/media/${key}.mpg`
      switch (mode) {
        case 'stock4':
        case 'stock5':
          return `/ch/${key}`
        case 'xc29':
          return options.forgetsStream()
            ? `/play/live.php?mac=${mac}&stream=&extension=ts&play_token=${key}&sn2=`
            : `/user/pass/${target.id}?play_token=${key}`
        case 'xui':
          return `/play/${key}?ext=.ts`
        case 'simple':
          return `/ch/${key}`
        default:
          return mode satisfies never
      }
    },
    hop(url) {
      const entry = check(url)
      if (typeof entry === 'string' || mode !== 'xui' || !url.pathname.startsWith('/play/')) return null
      return `/auth/${add(entry.mac, entry.target)}`
    },
  }
}
