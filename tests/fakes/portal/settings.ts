/**
 * Whose software a portal runs (stalker.md §0 and §11). `stock4`, `stock5`: Stalker and Ministra; `xc29`: the emulation
 * in Xtream-Codes; `xui`: that of XUI.one; `simple`: the MAC is all it wants.
 */
export type PortalMode = 'stock4' | 'stock5' | 'xc29' | 'xui' | 'simple'

/** One MAC that a portal knows. */
export type PortalBox = {
  readonly mac: string
  /** Streams at a time; the oldest one is ended for a newer. */
  readonly maxConnections: number
  /** Groups that it has paid for; absent: all. */
  readonly genres?: readonly number[]
  /** `off`: the account is switched off. `login`: user and password are wanted too. */
  readonly account?: 'good' | 'off' | 'login'
  /** As the portal writes it. */
  readonly ends?: string
}

/** What can be changed while a portal runs. */
export type PortalQuirks = {
  /** The list comes in pages only. */
  readonly pagesOnly: boolean
  /** A page beyond the last one is the last one again. */
  readonly repeatsLastPage: boolean
  /** `data` is an object with numbers as keys. */
  readonly dataAsObject: boolean
  /** Numbers as numbers, half of the keys left out. */
  readonly spare: boolean
  /** Bulk guide: as the mode has it, or empty. */
  readonly emptyBulkGuide: boolean
  /** Links say `localhost`, have no host at all, or lead to a streamer elsewhere. */
  readonly linkHost: 'own' | 'localhost' | 'none' | 'elsewhere'
  /** Links of the fork that forgets the stream (4gray/iptvnator#1486). */
  readonly forgetsStream: boolean
  /** The channel list holds addresses that play as they are. */
  readonly staticLinks: boolean
  /** Only what comes through the portal's proxy may come. */
  readonly proxyOnly: boolean
  /** Zone of the panel's own clock, whose difference to the cookie's zone shifts its instants. */
  readonly panelZoneMinutes: number
  /** The path of the endpoint, other than the mode's own. */
  readonly endpoint: string | null
  /** Spelling of headers matters, as with Apache. */
  readonly strictHeaders: boolean
  /** The token is called `Token`. */
  readonly spelledToken: boolean
}

/** A portal without quirks. */
export const noQuirks: PortalQuirks = {
  pagesOnly: false,
  repeatsLastPage: false,
  dataAsObject: false,
  spare: false,
  emptyBulkGuide: false,
  linkHost: 'own',
  forgetsStream: false,
  staticLinks: false,
  proxyOnly: false,
  panelZoneMinutes: 0,
  endpoint: null,
  strictHeaders: true,
  spelledToken: false,
}

/** What a channel does when it is played; absent: it plays. */
export type PlayFault =
  /** `create_link` says so. */
  | { readonly kind: 'link-error'; readonly error: string }
  /** Nothing ever comes. */
  | { readonly kind: 'silent' }
  /** The stream host answers with this status. */
  | { readonly kind: 'status'; readonly status: number }

/** How long things live, milliseconds. Source: stalker.md §5.4. */
export const LINK_LIVES_MS = { stock4: 5000, stock5: 5000, xc29: 10_000, xui: 5000, simple: 5000 } as const

/** The user and password of a box whose account wants them. */
export const BOX_LOGIN = { login: 'family', password: 'swordfish' } as const
