/** Something in the own network that channels can come from. */
export type FoundSource = {
  readonly kind: 'enigma2' | 'hdhomerun'
  /** What it calls itself, or what it is. */
  readonly name: string
  readonly model: string | null
  /** Host, and port where it is not 80. */
  readonly host: string
  /** It answers only to people who sign in. */
  readonly needsLogin: boolean
  /** Null: not told. */
  readonly tuners: number | null
}

/** What a search came to. */
export type SearchAnswer = {
  readonly found: readonly FoundSource[]
  /** How many addresses were tried. */
  readonly tried: number
}

/** Port of the LAN: looks for receivers and tuners in the own network, once and politely. */
export interface SearchDesk {
  /** Takes some 10 s at most. Fails with `http/busy` (others are being tested or looked for), or the signal's reason. */
  search(wish: { readonly askedBy: string | null; readonly signal: AbortSignal }): Promise<SearchAnswer>
}
