/** Who has to act when a failure happens: the viewer, the owner of this house, the source (receiver, provider), or we. */
export type Fault = 'viewer' | 'owner' | 'source' | 'us'

/** What is known about a failure before it happens. `status` is the HTTP status; `advice` says what to do next. */
export type FailureKind = {
  readonly status: number
  readonly title: string
  readonly fault: Fault
  readonly advice?: string
  readonly retryAfterSeconds?: number
}

const kinds = <const T extends Record<string, FailureKind>>(table: T): T => table

/**
 * The closed catalogue of expected failures, grouped by slice (`slice/what`).
 *
 * Only `handlers/problem.ts` turns them into HTTP answers. Anything thrown that is not a `Failure` is a bug.
 */
export const FAILURES = kinds({
  'config/invalid': { status: 500, title: 'The configuration is wrong', fault: 'owner' },
  'config/changed': {
    status: 412,
    title: 'This was edited meanwhile',
    fault: 'viewer',
    advice: 'Load it again and repeat the edit',
  },
  'config/managed-by-file': {
    status: 409,
    title: 'This is written in the configuration file',
    fault: 'owner',
    advice: 'Change it there and start the program anew',
  },
  'config/id-taken': { status: 409, title: 'The id is in use', fault: 'viewer', advice: 'Choose another id' },
  'config/secrets-lost': {
    status: 409,
    title: 'The secrets cannot be opened',
    fault: 'owner',
    advice: 'Bring back the file "secret.key" of the data folder, or write address and password again',
  },
  'linear/invalid': { status: 422, title: 'The schedule is wrong', fault: 'viewer' },
  'job/unknown': { status: 404, title: 'There is no such job', fault: 'viewer' },
  'job/over': { status: 409, title: 'The job has come to its end', fault: 'viewer' },
  'job/cancelled': { status: 409, title: 'The job was cancelled', fault: 'owner' },
  'job/failed': { status: 500, title: 'The job broke off', fault: 'us' },
  'alerts/unknown': { status: 404, title: 'There is no such alert', fault: 'viewer' },
  'alerts/unknown-target': { status: 404, title: 'There is no such target of alerts', fault: 'viewer' },
  'alerts/not-delivered': {
    status: 502,
    title: 'The message was not delivered',
    fault: 'owner',
    advice: 'Check the address, the secret, and for the local network the list "allowHosts" of the target',
  },
  'http/not-found': { status: 404, title: 'There is nothing at this address', fault: 'viewer' },
  'http/bad-request': { status: 400, title: 'The request cannot be read', fault: 'viewer' },
  'http/method': { status: 405, title: 'This method is not offered here', fault: 'viewer' },
  'http/too-large': { status: 413, title: 'The request is too large', fault: 'viewer' },
  'http/too-slow': { status: 408, title: 'The request came too slowly', fault: 'viewer' },
  'http/busy': { status: 503, title: 'Too many at a time', fault: 'viewer', retryAfterSeconds: 30 },
  'http/bug': { status: 500, title: 'Something went wrong here', fault: 'us' },
  'http/host': {
    status: 421,
    title: 'This host name is not served here',
    fault: 'owner',
    advice: 'Add the name to "access.hosts" or call the address by its IP',
  },
  'access/sign-in': {
    status: 401,
    title: 'Sign in to watch',
    fault: 'viewer',
    advice: 'Use a viewing link or sign in',
  },
  'access/wrong-password': { status: 401, title: 'The name or password is wrong', fault: 'viewer' },
  'access/forbidden': { status: 403, title: 'This is not allowed', fault: 'viewer' },
  'access/bad-link': {
    status: 403,
    title: 'The link is not valid',
    fault: 'viewer',
    advice: 'Ask the front page for a new one',
  },
  'access/throttled': { status: 429, title: 'Too many tries', fault: 'viewer', retryAfterSeconds: 30 },
  'access/setup-done': { status: 409, title: 'The house has an owner already', fault: 'viewer' },
  'access/setup-code': {
    status: 403,
    title: 'The set-up code is wrong or too old',
    fault: 'owner',
    advice: 'Read the code from the log; restart for a new one',
  },
  'access/name-taken': { status: 409, title: 'The name is in use', fault: 'owner' },
  'access/unknown-user': { status: 404, title: 'There is no such person', fault: 'viewer' },
  'access/user-changed': {
    status: 412,
    title: 'The account has changed meanwhile',
    fault: 'viewer',
    advice: 'Load it again and repeat the change',
  },
  'access/managed': {
    status: 409,
    title: 'The account is written in the configuration',
    fault: 'owner',
    advice: 'Change it there and start anew',
  },
  'access/last-admin': { status: 409, title: 'The house needs an admin', fault: 'owner' },
  'access/too-many-streams': {
    status: 503,
    title: 'As many streams as this person may watch run already',
    fault: 'viewer',
    advice: 'Stop a stream on another device, or ask the owner for more ("maxStreams")',
    retryAfterSeconds: 10,
  },
  'access/no-leases': {
    status: 503,
    title: 'Who watches now cannot be asked',
    fault: 'owner',
    advice: 'Is the server of "leases.url" up and reachable? "downlink doctor" says more',
    retryAfterSeconds: 5,
  },
  'lineup/unknown-channel': { status: 404, title: 'There is no such channel', fault: 'viewer' },
  'lineup/unknown-group': { status: 404, title: 'There is no such group', fault: 'viewer' },
  'lineup/unknown-source': { status: 404, title: 'There is no such source', fault: 'viewer' },
  'lineup/changed': {
    status: 412,
    title: 'The line-up has changed meanwhile',
    fault: 'viewer',
    advice: 'Load it again and repeat the edit',
  },
  'lineup/number-taken': {
    status: 409,
    title: 'The channel number is in use',
    fault: 'viewer',
    advice: 'Choose another number or change the other channel first',
  },
  'lineup/unknown-stream': { status: 404, title: 'The channel has no such stream', fault: 'viewer' },
  'lineup/unknown-selection': { status: 404, title: 'There is no such selection', fault: 'viewer' },
  'lineup/name-taken': { status: 409, title: 'The name is in use', fault: 'viewer' },
  'lineup/bad-filter': { status: 400, title: 'The filter cannot be read', fault: 'viewer' },
  'lineup/bad-pattern': { status: 400, title: 'The pattern cannot be read', fault: 'viewer' },
  'lineup/bad-edit': { status: 409, title: 'The line-up cannot be changed like this', fault: 'viewer' },
  'lineup/cannot-undo': {
    status: 409,
    title: 'There is nothing that can be undone',
    fault: 'viewer',
    advice: 'What was edited has changed since, or the program was started anew',
  },
  'lineup/shrunk': {
    status: 409,
    title: 'The source suddenly has far fewer channels',
    fault: 'source',
    advice: 'The old line-up is kept; accept the new one in the list of sources if it is right',
  },
  'lineup/not-ready': { status: 503, title: 'The line-up is still loading', fault: 'us', retryAfterSeconds: 2 },
  'linear/unknown-schedule': { status: 404, title: "There is no such channel of one's own", fault: 'viewer' },
  'linear/unknown-override': { status: 404, title: 'Nothing is shown in place of what is planned', fault: 'viewer' },
  'media/unknown': { status: 404, title: 'There is no such file', fault: 'viewer' },
  'guide/not-xmltv': {
    status: 502,
    title: 'The document is no XMLTV guide',
    fault: 'source',
    advice: 'Open the address in a browser: it may answer with an error page',
  },
  'guide/packed': {
    status: 502,
    title: 'The guide document cannot be unpacked',
    fault: 'source',
    advice: 'Offer it plain, or packed with gzip or zip; for xz install the program "xz"',
  },
  'guide/cut-off': {
    status: 502,
    title: 'The new guide has far less than the one before',
    fault: 'source',
    advice: 'The old guide is kept; accept the new one in the list of guides if it is right',
  },
  'guide/empty': {
    status: 502,
    title: 'The guide has nothing of these days',
    fault: 'source',
    advice: 'Is the document old, or are its times wrong?',
  },
  'guide/import-failed': { status: 500, title: 'The guide could not be imported', fault: 'us' },
  'guide/unknown-feed': { status: 404, title: 'There is no such guide', fault: 'viewer' },
  'guide/unknown-channel': { status: 404, title: 'The guide has no such channel', fault: 'viewer' },
  'guide/not-ready': { status: 503, title: 'The guide is still loading', fault: 'us', retryAfterSeconds: 5 },
  'source/unreachable': {
    status: 502,
    title: 'The source does not answer',
    fault: 'source',
    advice: 'Is it switched on and is its address right?',
  },
  'source/timeout': { status: 504, title: 'The source takes too long', fault: 'source' },
  'source/login': {
    status: 502,
    title: 'The source refuses the user name or password',
    fault: 'owner',
    advice: 'Check user name and password of the source',
  },
  'source/expired': {
    status: 502,
    title: 'The account at the source has ended',
    fault: 'owner',
    advice: 'Renew the account with the provider',
  },
  'source/blocked': {
    status: 502,
    title: 'The source refuses this program or our address',
    fault: 'owner',
    advice: 'The password may be right: try another "userAgent", or another way to the internet',
  },
  'source/device': {
    status: 502,
    title: 'The source refuses this device',
    fault: 'owner',
    advice:
      'Ask the provider to reset the device, or write serial number and device ids of the real box beside its MAC',
  },
  'source/subnet': {
    status: 502,
    title: 'The receiver refuses our network',
    fault: 'owner',
    advice: 'Enable authentication in the web interface of the receiver, or allow access by VPN there',
  },
  'source/bad-answer': { status: 502, title: 'The source gives an answer that cannot be read', fault: 'source' },
  'source/forbidden-address': {
    status: 502,
    title: 'The source leads to an address that is not allowed',
    fault: 'owner',
    advice: 'If that is right, name the host in "allowHosts" of the source',
  },
  'source/not-supported': { status: 501, title: 'The source cannot do this', fault: 'source' },
  'live/no-slot': {
    status: 503,
    title: 'No free tuner or connection',
    fault: 'viewer',
    advice: 'Stop another stream or wait',
    retryAfterSeconds: 5,
  },
  'live/refused': { status: 503, title: 'The source refuses the stream', fault: 'source', retryAfterSeconds: 10 },
  'live/all-off': {
    status: 503,
    title: 'All streams of the channel are switched off',
    fault: 'owner',
    advice: 'Switch one of its streams on again in the channel editor',
  },
  'live/no-signal': {
    status: 504,
    title: 'The tuner finds no signal',
    fault: 'source',
    advice: 'Check dish, cable and weather',
    retryAfterSeconds: 30,
  },
  'live/silent': {
    status: 504,
    title: 'The source accepted but sends nothing',
    fault: 'source',
    retryAfterSeconds: 10,
  },
  'live/scrambled': {
    status: 502,
    title: 'The stream is encrypted',
    fault: 'source',
    advice: 'The receiver needs a working card or CAM for this channel',
  },
  'live/wrong-service': {
    status: 502,
    title: 'The source sends another channel',
    fault: 'source',
    advice: 'Refresh the channel list',
  },
  'live/not-mpeg-ts': { status: 502, title: 'The source sends something that is not television', fault: 'source' },
  'live/stalled': { status: 504, title: 'The stream has stopped moving', fault: 'source', retryAfterSeconds: 5 },
  'live/ended': { status: 502, title: 'The source ended the stream', fault: 'source', retryAfterSeconds: 5 },
  'live/kicked': { status: 503, title: 'The source took the stream away', fault: 'source', retryAfterSeconds: 10 },
  'live/contested': {
    status: 503,
    title: 'Somebody else uses the account of the source',
    fault: 'owner',
    advice:
      'The provider ends the older stream when its limit is reached; stop the other one or ask for more connections',
    retryAfterSeconds: 30,
  },
  'live/switched': { status: 503, title: 'Another stream was asked for', fault: 'owner', retryAfterSeconds: 1 },
  'live/unknown-stream': { status: 404, title: 'The channel has no such stream', fault: 'viewer' },
  'live/preempted': {
    status: 503,
    title: 'Somebody with precedence needs the tuner or connection',
    fault: 'owner',
    advice: 'Wait until it is free again, or change "live.precedence"',
    retryAfterSeconds: 30,
  },
  'live/stopped': { status: 503, title: 'The stream was stopped here', fault: 'owner' },
  'live/no-time-shift': {
    status: 501,
    title: 'Nothing is kept to go back to',
    fault: 'owner',
    advice: 'Set "timeShift.minutes" in the configuration of the house',
  },
  'live/no-past': { status: 404, title: 'This part of the past is not kept', fault: 'viewer' },
  'live/viewer-stalled': { status: 408, title: 'The player takes nothing', fault: 'viewer' },
  'live/no-adapter': { status: 503, title: 'The house is not reachable', fault: 'owner', retryAfterSeconds: 10 },
  'live/recording': {
    status: 503,
    title: 'A recording of the receiver needs the tuner',
    fault: 'owner',
    advice: 'Wait until the recording is over, or change the timers of the receiver',
    retryAfterSeconds: 60,
  },
  'timer/unknown': { status: 404, title: 'There is no such timer', fault: 'viewer' },
  'timer/conflict': {
    status: 409,
    title: 'Other timers need the tuners at this time',
    fault: 'viewer',
    advice: 'Move or delete one of the timers that are in the way',
  },
  'timer/refused': { status: 409, title: 'The receiver refuses the timer', fault: 'viewer' },
  'vod/unknown-item': { status: 404, title: 'There is no such film or episode', fault: 'viewer' },
  'vod/range': { status: 416, title: 'The file has no such part', fault: 'viewer' },
  'hdhr/unknown-profile': { status: 400, title: 'There is no such transcoding profile', fault: 'viewer' },
  'hdhr/tuner-in-use': {
    status: 503,
    title: 'Another channel is on this tuner',
    fault: 'viewer',
    advice: 'Ask for the channel without a tuner ("/auto/v…"), or for another tuner',
    retryAfterSeconds: 5,
  },
  'hls/not-ready': { status: 503, title: 'The stream is starting', fault: 'us', retryAfterSeconds: 2 },
  'hls/gone': { status: 404, title: 'This part of the stream is gone', fault: 'viewer' },
  'hls/unsupported': { status: 501, title: 'The channel cannot be sent in this form', fault: 'owner' },
  'ffmpeg/missing': {
    status: 501,
    title: 'FFmpeg is missing',
    fault: 'owner',
    advice: 'Install ffmpeg or set "ffmpeg.path"',
  },
  'ffmpeg/busy': {
    status: 503,
    title: 'Too many pictures are being converted',
    fault: 'viewer',
    advice: 'Stop another converted stream, or watch this one in its original quality',
    retryAfterSeconds: 10,
  },
  'ffmpeg/failed': { status: 502, title: 'FFmpeg failed', fault: 'us' },
  'logo/none': { status: 404, title: 'The channel has no logo', fault: 'source' },
  'logo/no-picture': {
    status: 422,
    title: 'There is no picture that can be used',
    fault: 'viewer',
    advice: 'Take a PNG, JPEG, WebP or GIF of at most 2 MiB; an address should open the picture itself in a browser',
  },
  'publish/refused': {
    status: 403,
    title: 'The front takes nothing from this house',
    fault: 'owner',
    advice: 'Write the public key of the house into "links.publishers" of the front, and its name as "links.site"',
  },
  'publish/no-front': {
    status: 502,
    title: 'The front does not answer',
    fault: 'owner',
    advice: 'Is its address in "links.fronts" right, and does it know sites ("links.publishers")?',
  },
  'publish/outdated': { status: 409, title: 'Something newer was published already', fault: 'us' },
  'publish/clock': {
    status: 409,
    title: 'This was signed at another time',
    fault: 'owner',
    advice: 'Set the clock of the house',
  },
  'publish/full': { status: 413, title: 'The store of the front is full', fault: 'owner' },
  'backup/unknown': { status: 404, title: 'There is no such backup', fault: 'viewer' },
  'backup/not-one': {
    status: 400,
    title: 'The file is no backup of downlink',
    fault: 'viewer',
    advice: 'Choose a file whose name ends in ".tar.gz" or ".tar.gz.locked" and that downlink has made',
  },
  'backup/damaged': {
    status: 400,
    title: 'The backup is damaged',
    fault: 'viewer',
    advice: 'Fetch the file again, or take an older one',
  },
  'backup/newer': {
    status: 409,
    title: 'The backup was made by a newer version',
    fault: 'owner',
    advice: 'Update this program first',
  },
  'backup/passphrase': {
    status: 403,
    title: 'The passphrase does not open the backup',
    fault: 'viewer',
    advice: 'Type the passphrase with which the backup was made',
  },
  'backup/no-room': {
    status: 507,
    title: 'The disk is too full',
    fault: 'owner',
    advice: 'Make room on the disk of the data folder, or delete old backups',
  },
  'store/locked': {
    status: 503,
    title: 'The data folder is in use',
    fault: 'owner',
    advice: 'Stop the other downlink process first',
  },
  'store/newer': {
    status: 500,
    title: 'The data folder was written by a newer version',
    fault: 'owner',
    advice: 'Update this program',
  },
})

/** Code of an expected failure, `slice/what`. */
export type FailureCode = keyof typeof FAILURES

/** Whether the text is a code of this catalogue: stored ones may be of another version. */
export const isFailureCode = (text: string): text is FailureCode => Object.hasOwn(FAILURES, text)

/**
 * An expected failure with a code from the closed catalogue.
 *
 * `message` says what was tried, what is and what should be, without any secret or upstream URL.
 * `facts` are ids and numbers for the log and the problem document.
 */
export class Failure extends Error {
  readonly code: FailureCode
  readonly facts: Readonly<Record<string, unknown>>

  constructor(code: FailureCode, message: string, facts: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'Failure'
    this.code = code
    this.facts = facts
  }

  get kind(): FailureKind {
    return FAILURES[this.code]
  }
}

/** The thrown value as a `Failure`, or as one of `code` that carries it as its cause. */
export function asFailure(thrown: unknown, code: FailureCode, message: string): Failure {
  return thrown instanceof Failure ? thrown : new Failure(code, message, {}, thrown)
}
