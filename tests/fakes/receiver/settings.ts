/** What the owner of a box can set, and the peculiarities of its software. All may change while it runs. */
export type BoxSettings = {
  /** System user, for the web interface and for port 8001. */
  readonly user: string
  readonly password: string
  /** Whether the web interface asks for the password. */
  readonly webAuth: boolean
  /** `root` is refused although its password is right. */
  readonly noRootAccess: boolean
  /** Clients seem to come from another network: 403 while `webAuth` is off. */
  readonly foreignNetwork: boolean
  /** stream.m3u carries credentials. */
  readonly authForStreaming: boolean
  /** Port 8001 asks for the password. */
  readonly streamingAuth: boolean
  /** XML in Latin-1 and without the last line feed. */
  readonly latin1Xml: boolean
  /** XML names escaped twice, as by old boxes. */
  readonly doubleEscapedXml: boolean
  /** epgbouquet without `endTime`: one instant, or everything. */
  readonly epgbouquet: 'instant' | 'everything'
  /** Manner of stream.m3u. */
  readonly playlist: 'v2' | 'v1'
  /** No JSON at all, as on a Dreambox with its first web interface. */
  readonly xmlOnly: boolean
  /** What the box believes, in milliseconds from the truth; 1970 right after it booted without a signal. */
  readonly clock: 'right' | '1970'
  /** Several requests at once make the box freeze, are refused, or just wait. */
  readonly crowd: 'freeze' | 'reject' | 'wait'
  /** A connection to port 8001 is refused while another one's request is still being read. */
  readonly noBacklog: boolean
  /** Relay services send this many unusable packets first. */
  readonly relayGarbagePackets: number
  /** Whether those packets are still marked as scrambled. */
  readonly relayGarbageMarked: boolean
}

/** A box as it comes. */
export const defaultSettings: BoxSettings = {
  user: 'root',
  password: 'dreambox',
  webAuth: false,
  noRootAccess: false,
  foreignNetwork: false,
  authForStreaming: false,
  streamingAuth: false,
  latin1Xml: false,
  doubleEscapedXml: false,
  epgbouquet: 'instant',
  playlist: 'v2',
  xmlOnly: false,
  clock: 'right',
  crowd: 'freeze',
  noBacklog: false,
  relayGarbagePackets: 2000,
  relayGarbageMarked: false,
}

/** How long things take, in milliseconds. Tests may make a box quick. */
export type Timing = {
  /** Every call to the web interface. */
  readonly apiMs: number
  /** For each service of a guide call. */
  readonly apiPerServiceMs: number
  /** Moving a tuner; joining a transponder that is tuned. */
  readonly tuneMs: number
  readonly sharedTuneMs: number
  readonly lingerMs: number
  readonly zapMs: number
  /** A crowd of requests freezes the box for so long. */
  readonly freezeMs: number
  /** The relay gives up a source that refuses it: three connects, 500 ms apart. */
  readonly relaySourceMs: number
  /** Two starts of a relay service within this time spoil the second. */
  readonly relayExclusiveMs: number
}

/** As measured on real boxes. */
export const realTiming: Timing = {
  apiMs: 50,
  apiPerServiceMs: 20,
  tuneMs: 800,
  sharedTuneMs: 100,
  lingerMs: 3000,
  zapMs: 2000,
  freezeMs: 2000,
  relaySourceMs: 1500,
  relayExclusiveMs: 1000,
}

/** Nothing takes longer than it must. */
export const quickTiming: Timing = {
  apiMs: 1,
  apiPerServiceMs: 0,
  tuneMs: 20,
  sharedTuneMs: 5,
  lingerMs: 60,
  zapMs: 20,
  freezeMs: 300,
  relaySourceMs: 50,
  relayExclusiveMs: 100,
}
