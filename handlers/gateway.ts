import type { WorkReading } from '../core/live/counts/work-counts.ts'
import type { SearchDesk } from '../core/lineup/source-search.ts'
import type { Failure } from '../core/errors.ts'
import type { GuideReader } from '../core/guide/guide.ts'
import type { AlertDesk } from './alerts/alert-desk.ts'
import type { EntryDesk } from './entries/entry-desk.ts'
import type { GuideDesk } from './guide-desk.ts'
import type { HistoryDesk } from './history/history-desk.ts'
import type { HdhrDesk } from './hdhr/desk.ts'
import type { LeaseDesk } from './leases.ts'
import type { MediaDesk } from './library/media-desk.ts'
import type { PublishedChannels } from '../core/linear/snapshot.ts'
import type { ScheduleDesk } from './schedules/schedule-desk.ts'
import type { Channel, ChannelId } from '../core/lineup/channel.ts'
import type { ChannelJudge } from '../core/lineup/filter/channel-filter.ts'
import type { PictureDesk } from '../core/lineup/logo/pictures.ts'
import type { LineupDesk } from '../core/lineup/desk.ts'
import type { JobDesk } from '../core/jobs/desk.ts'
import type { JobId } from '../core/jobs/job.ts'
import type { LineupReader } from '../core/lineup/lineup.ts'
import type { VodHouse } from '../core/lineup/vod-view.ts'
import type { VodNumbers } from '../core/lineup/vod-numbers.ts'
import type { ByteSink, StreamPast, StreamStatus } from '../core/live/hub.ts'
import type { FilePlay } from '../core/live/file-play.ts'
import type { LiveLink } from '../core/live/link.ts'
import type { Quality } from '../core/live/quality.ts'
import type { Access } from '../core/access/caller.ts'
import type { SignInDesk, TokenDesk } from '../core/access/house.ts'
import type { PairCheck } from '../core/access/pair-check.ts'
import type { ShortLinkDesk } from '../core/access/short-link.ts'
import type { PeopleDesk } from '../core/access/people.ts'
import type { AuditBook } from '../core/access/audit.ts'
import type { SeatDesk } from '../core/access/seats.ts'
import type { LinkDoor } from '../core/access/link-session.ts'
import type { CallRules } from '../core/access/rights.ts'
import type { Log } from '../core/log.ts'
import type { PublishDesk } from '../core/snapshots/publish-desk.ts'
import type { HouseMeter } from '../core/live/traffic.ts'
import type { SystemDesk } from '../core/system/system-desk.ts'
import type { BackupDesk } from '../core/backup/desk.ts'
import type { LogDesk } from '../core/logs/log-desk.ts'
import type { DraftDesk, SourceDesk } from '../core/lineup/source-check.ts'
import type { HouseRecorder } from '../core/lineup/recording-timer.ts'
import type { SourceId, StreamId } from '../core/lineup/stream.ts'
import type { Notice } from '../core/notices/notice.ts'

export type { Delivery, HlsAnswer, HlsRequest, LiveLink, TsAnswer, TsRequest } from '../core/live/link.ts'

/** Port of the runtime: opens an HTTP body to push bytes into, by the fastest way this runtime has. */
export interface BodyOutlet {
  /**
   * Makes the answer for `context` (Hono's) with these headers. `drained` is called when a full sink has room again,
   * `gone` once when the client has left or the body was closed.
   */
  open(
    context: unknown,
    headers: Readonly<Record<string, string>>,
    events: { readonly drained: () => void; readonly gone: () => void },
  ): { readonly response: Response; readonly sink: ByteSink }
}

/** State of a source as status pages show it. */
export type SourceStatus = {
  readonly id: SourceId
  readonly kind: string
  readonly name: string
  readonly state: 'starting' | 'ready' | 'refreshing' | 'failing' | 'disabled'
  readonly slots: { readonly total: number; readonly used: number } | null
  readonly channels: number
  /** Epoch milliseconds of the last good refresh. */
  readonly lastRefresh: number | null
  /** What is wrong now; null: nothing. */
  readonly problem: Failure | null
  /** Whether it has answered (well or with a failure) since start. */
  readonly answered: boolean
}

/** Port: what runs now. */
export interface StatusReader {
  readonly version: string
  readonly runtime: string
  readonly startedAt: number
  ready(): boolean
  sources(): readonly SourceStatus[]
  /** Channels that run. */
  streams(): readonly StreamStatus[]
  /** Films and replays that are being watched; absent: none. */
  plays?(): readonly FilePlay[]
  /** How pictures are converted (`encoder` in words, null: not at all), how many now and at most; null: not here. */
  transcode(): { readonly encoder: string | null; readonly running: number; readonly limit: number } | null
  /** What was counted of the work on pictures and sound; absent: none is done here. */
  work?(): WorkReading
  /** What the owner should know: missing FFmpeg, old FFmpeg, http adapter behind an https front. */
  notices(): readonly Notice[]
}

/** What has just changed in the house. */
export type Change =
  | { readonly kind: 'lineup' }
  /** A stream changed its state or source, or viewers came or went. */
  | { readonly kind: 'stream'; readonly channelId: ChannelId }
  /** A film or replay came, went or changed its state. */
  | { readonly kind: 'play'; readonly playId: string }
  /** A source changed its state, came or went. */
  | { readonly kind: 'source'; readonly sourceId: SourceId }
  | { readonly kind: 'job'; readonly jobId: JobId }
  /** The log has new lines. */
  | { readonly kind: 'log' }
  /** What is planned on a channel of one's own was edited, or that channel came or went. */
  | { readonly kind: 'schedule'; readonly schedule: string }
  /** The files of a library changed, or where work in it has come to. */
  | { readonly kind: 'media'; readonly library: string }
  /** An alert came, changed or is over. */
  | { readonly kind: 'alert'; readonly alertId: string }
  /** Figures of this second; only on lines that want them. */
  | { readonly kind: 'figures' }

/** Port: tells of changes as they happen. */
export interface ChangeFeed {
  /** Calls `listener`, which must not block, after each change; gives the function that ends it. */
  subscribe(listener: (change: Change) => void): () => void
}

/** Port: pictures of channels through our cache; null: none. */
export interface LogoReader {
  logo(
    channel: Channel,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string; readonly tag: string } | null>
}

/** Port of the LAN: what an admin may do. Absent on an edge. */
export interface Admin {
  stopStream(channel: Channel): boolean
  stopViewer(viewerId: string): boolean
  /** Ends a film or replay; false if it is not here. Absent: there are none. */
  stopPlay?(id: string): boolean
  /** Goes on with this stream of a running channel, or its next one (null); false if it is not running. Fails with `live/unknown-stream`. */
  switchStream(channel: Channel, stream: StreamId | null): boolean
  /** How a stream fared since the start; absent: nobody remembers. */
  streamPast?(stream: StreamId): StreamPast
  /**
   * Asks a source again now, and gives the job. `acceptShrunk` takes a line-up that was refused as too small. Fails with
   * `source/not-supported` if it is switched off.
   */
  refreshSource(source: SourceId, options: { readonly acceptShrunk: boolean; readonly askedBy: string | null }): JobId
  /** Where the line-up is edited. */
  readonly lineup: LineupDesk
  /** Pictures that channels get; absent: they have those of their sources. */
  readonly pictures?: PictureDesk
}

/** A file of the web interface; `tag` changes with its bytes, which are gzip-compressed where `gzip` is true. */
export type Page = {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly contentType: string
  readonly gzip: boolean
  readonly tag: string
}

/** Port: files of the built web interface by path (`/assets/x.js`). */
export interface PageReader {
  page(path: string): Page | null
}

/** Everything the HTTP faces need, handed in by the composition. */
export type Gateway = {
  readonly role: 'all' | 'gateway' | 'adapter'
  readonly access: Access
  /** What the owner wrote down about callers: who may watch anonymously, trusted proxies, host names. */
  readonly rules: CallRules
  /** Who a name and a password belong to; null where there are no accounts. */
  readonly pairs: PairCheck | null
  /** Signing in and out; null where there are no accounts. */
  readonly signIn: SignInDesk | null
  /** Addresses to type with a remote control; null or absent: none. */
  readonly shortLinks?: ShortLinkDesk | null
  /** Looking after people; null on a front. */
  readonly people: PeopleDesk | null
  /** Who changed what; absent: it is not written down here. */
  readonly audit?: AuditBook
  /** Seats of people with a limit, for files; absent: everybody has one. */
  readonly seats?: SeatDesk
  /** Leases for the adapters of this house; absent: they are kept elsewhere. */
  readonly leases?: LeaseDesk
  /** Giving out and revoking tokens; null on a front, which only checks them. */
  readonly tokens: TokenDesk | null
  /** The door for signed links; null on a front. */
  readonly links: LinkDoor | null
  /** Where adapters publish to this front; null or absent: they do not. */
  readonly publishing?: PublishDesk | null
  /** Origins beside our own from which the web interface may play (the adapter's, on a front). */
  readonly mediaOrigins: readonly string[]
  readonly lineup: LineupReader
  /** Reads the text of a filter; fails with `lineup/bad-filter`. Null on a front, which does not carry the language around. */
  readonly channelFilter: ((text: string) => ChannelJudge) | null
  readonly guide: GuideReader
  readonly live: LiveLink
  readonly logos: LogoReader
  /** Films and series; null on a front. */
  readonly vod: VodHouse | null
  /** Files of one's own; null or absent: they are elsewhere. */
  readonly media?: MediaDesk | null
  /** Channels of one's own; null or absent: they are made elsewhere. */
  readonly schedules?: ScheduleDesk | null
  /** Plans of those channels for fronts; null or absent: there are none. */
  readonly linear?: PublishedChannels | null
  /** Numbers of films and series, for clients that know numbers only; null where there are none. */
  readonly vodNumbers: VodNumbers | null
  /** The tuners that we pretend to be; null or absent: none. */
  readonly hdhr?: HdhrDesk | null
  /** Sources that record by themselves, in order of priority; absent: none. */
  readonly recorders?: readonly HouseRecorder[]
  readonly status: StatusReader
  readonly changes: ChangeFeed
  readonly outlet: BodyOutlet
  readonly admin: Admin | null
  /** History and tests of sources; null on a front. */
  readonly sourceDesk: SourceDesk | null
  /** Where sources and guides are configured that are not in the file; null or absent on a front. */
  readonly sourceEntries?: EntryDesk | null
  readonly guideEntries?: EntryDesk | null
  /** Tries sources before they are kept; null or absent on a front. */
  readonly drafts?: DraftDesk | null
  /** Null or absent: sources are looked for by the adapter. */
  readonly search?: SearchDesk | null
  /** What is wrong, and who is told; null or absent on a front. */
  readonly alerts?: AlertDesk | null
  /** What happened and what happens; null or absent on a front. */
  readonly history?: HistoryDesk | null
  /** Long work; null or absent on a front. */
  readonly jobs?: JobDesk | null
  /** Guides and decisions about them; null on a front. */
  readonly guideDesk: GuideDesk | null
  readonly pages: PageReader | null
  /** What raw TS carries unless asked otherwise (`audio.ts`). */
  readonly audioTs: 'original' | 'aac'
  /** Qualities that can be had here now. */
  readonly qualities: () => readonly Quality[]
  /** Days of guide in `/xmltv.xml`. */
  readonly guideDays: number
  readonly publicUrl: string | null
  /** Base URLs by which other devices reach this house, best first; absent: not known. */
  readonly addresses?: () => readonly string[]
  readonly log: Log
  /** The last lines of the log; absent: they are not kept. */
  readonly logs?: LogDesk
  /** Backups of the house; null or absent on a front. */
  readonly backups?: BackupDesk | null
  /** Counters of the whole house; absent: they are not kept. */
  readonly meter?: HouseMeter
  /** What is behind the screens; null or absent on a front. */
  readonly system?: SystemDesk | null
  readonly now: () => number
  /** IANA name of the zone that clocks on the wall show here. */
  readonly timeZone: string
  /** The socket's own peer address for a Hono context; '' where the platform has none. */
  readonly peerAddress: (context: unknown) => string
}
