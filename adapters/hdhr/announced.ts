/** A virtual device as it is announced in the network. */
export type AnnouncedDevice = {
  readonly id: number
  readonly uuid: string
  readonly tunerCount: number
  /** Port of its web server at this address of ours; null: it does not listen there. */
  readonly portAt: (address: string) => number | null
}

/** Port: what may be announced now, and to whom. */
export interface Announced {
  devices(): readonly AnnouncedDevice[]
  /** Whether whoever is at this address may watch without signing in; others get no answer at all. */
  mayKnow(peer: string): boolean
  /**
   * Whether a search for any device is answered at this address of ours, not only one that names ours. Jellyfin asks port
   * 80 of whoever answers, and looks no further when nobody listens there (protocols/hdhomerun.md, 7.2).
   */
  answersAny(address: string): boolean
}
