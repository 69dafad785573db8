/** One tuner of a receiver as its web interface shows it. `use` is what occupies it: family, recordings, streams. */
export type Tuner = {
  readonly name: string
  readonly type: string
  readonly use: { readonly live: boolean; readonly recording: boolean; readonly stream: boolean }
}

/** What is known about a receiver beside its channels. Holds no setting of the box but these. */
export type ReceiverFacts = {
  /** `xml`: an old web interface without JSON. */
  readonly dialect: 'json' | 'xml'
  readonly model: string | null
  readonly image: string | null
  /** As the box writes it: `OWIF 2.4.0`. */
  readonly webVersion: string | null
  /** DVB tuners; null: not told. */
  readonly tuners: readonly Tuner[] | null
  /** Tuners share few cables: some of them cannot be used at the same time for other frequencies. */
  readonly isFbc: boolean
  /** Clients of the stream server now, ours included. */
  readonly streamClients: number
  readonly streamPort: number | null
  readonly relayPort: number | null
  /** Canonical references that the box itself sends through its relay. */
  readonly relayed: ReadonlySet<string>
  /** Asking the box for a stream's URL would change the family's channel. */
  readonly zapsOnStream: boolean
  /** IANA name; null: not told, or not by this name. */
  readonly timeZone: string | null
}

/** A receiver that has said nothing yet. */
export const UNKNOWN_FACTS: ReceiverFacts = {
  dialect: 'json',
  model: null,
  image: null,
  webVersion: null,
  tuners: null,
  isFbc: false,
  streamClients: 0,
  streamPort: null,
  relayPort: null,
  relayed: new Set(),
  zapsOnStream: false,
  timeZone: null,
}

/** Ports when neither owner nor receiver names one. */
export const DEFAULT_STREAM_PORT = 8001
/** Port of the stream relay when the settings name none (`enigma2.md` §9.1). */
export const DEFAULT_RELAY_PORT = 17_999
