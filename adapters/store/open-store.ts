import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditBook } from '../../core/access/audit.ts'
import type { AlertStore } from '../../core/alerts/alert.ts'
import type { OutboxStore } from '../../core/alerts/outbox.ts'
import type { LeaseStore } from '../../core/access/leases.ts'
import type { ShortLinkStore } from '../../core/access/short-link.ts'
import type { EndedSessionStore, PeopleStore, TokenStore } from '../../core/access/accounts.ts'
import type { GuideChoiceStore } from '../../core/guide/choice.ts'
import type { GuideStore } from '../../core/guide/store.ts'
import type { SampleStore } from '../../core/history/sampler.ts'
import type { ViewingStore } from '../../core/history/viewing.ts'
import type { JobStore } from '../../core/jobs/desk.ts'
import type { LineupStore } from '../../core/lineup/store.ts'
import type { VodNumbers } from '../../core/lineup/vod-numbers.ts'
import type { Log } from '../../core/log.ts'
import { createAccountStore, createEndedSessionStore, createTokenStore } from './access-store.ts'
import type { AccessTables } from './access-store.ts'
import { createAuditBook } from './audit-book.ts'
import { openDatabase } from './database.ts'
import type { Database } from './database.ts'
import { createQueries } from './dialect.ts'
import { createEntryStore } from './entry-store.ts'
import type { EntryStore } from './entry-store.ts'
import { createGuideChoiceStore } from './guide-choice-store.ts'
import { createGuideStore } from './guide-store.ts'
import { createImportStore } from './import-store.ts'
import type { ImportStore } from './import-store.ts'
import { createJobStore } from './job-store.ts'
import { createLeaseStore, LEASE_STEPS } from './lease-store.ts'
import { createLineupStore } from './lineup-store.ts'
import { createAlertStore, createOutboxStore } from './history/alert-store.ts'
import { createSampleStore } from './history/sample-store.ts'
import { HISTORY_STEPS } from './history/schema.ts'
import { createViewingStore } from './history/viewing-store.ts'
import { migrate } from './migrate.ts'
import { GUIDE_STEPS, HOUSE_STEPS } from './schema.ts'
import { createPictureStore } from './picture-store.ts'
import type { PictureStore } from './picture-store.ts'
import { openSecretBox } from './secret-box.ts'
import { createScheduleStore } from './schedule-store.ts'
import type { ScheduleStore } from './schedule-store.ts'
import { createSettingStore } from './setting-store.ts'
import type { SettingStore } from './setting-store.ts'
import { createShortLinkStore } from './short-link-store.ts'
import { createSourceEventStore } from './source-event-store.ts'
import type { SourceEventTable } from './source-event-store.ts'
import { createVodNumberStore } from './vod-number-store.ts'

/** What the data folder holds. Disposing it closes the files and gives the folder free. */
export type Store = AsyncDisposable & {
  readonly lineup: LineupStore
  /** Pictures that the owner gave to channels. */
  readonly pictures: PictureStore
  readonly vodNumbers: VodNumbers
  readonly guide: GuideStore
  /** Imported guide documents. */
  readonly imports: ImportStore
  readonly guideChoices: GuideChoiceStore
  /** What became of the sources. */
  readonly sourceEvents: SourceEventTable
  /** Long work of this run and the ones before. */
  readonly jobs: JobStore
  readonly access: {
    readonly accounts: PeopleStore
    readonly tokens: TokenStore
    readonly endedSessions: EndedSessionStore
    readonly shortLinks: ShortLinkStore
    readonly leases: LeaseStore
  }
  /** What happened: who watched, how busy the house was. */
  readonly history: {
    readonly viewings: ViewingStore
    readonly samples: SampleStore
    readonly alerts: AlertStore
    readonly outbox: OutboxStore
  }
  readonly settings: SettingStore
  /** Channels of one's own. */
  readonly schedules: ScheduleStore
  /** Who changed what. */
  readonly audit: AuditBook
  /** Sources and guides that the owner added here. */
  readonly entries: { readonly sources: EntryStore; readonly guides: EntryStore }
  /** By its name, what writes a copy of a file of this store (not of the key file) to a path where no file is. */
  readonly copies: Readonly<Record<string, (path: string) => Promise<void>>>
}

/** What a store needs from outside. */
export type StoreOptions = { readonly now: () => number; readonly log: Log }

/**
 * Opens the data folder for this process alone, makes it if it is missing and brings it to the newest layout.
 *
 * `downlink.db` holds line-up, edits, accounts, tokens and settings: an edit that was acknowledged is on the disk.
 * `guide.db` holds the guide and may be deleted: sources tell it again. `history.db` says what happened, and may be deleted too. `leases.db` says who watches, and is empty at the start. Fails with `store/locked`, `store/newer`.
 */
export async function openStore(dataDir: string, { now, log }: StoreOptions): Promise<Store> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const stack = new AsyncDisposableStack()
  try {
    const house = stack.use(open(join(dataDir, 'downlink.db'), 'full', HOUSE_STEPS))
    const guide = stack.use(
      openLosable(join(dataDir, 'guide.db'), GUIDE_STEPS, (error) =>
        log('warn', 'guide-spoilt', { advice: 'The guide is fetched again; check the disk', error }),
      ),
    )
    const history = stack.use(
      openLosable(join(dataDir, 'history.db'), HISTORY_STEPS, (error) =>
        log('warn', 'history-spoilt', { advice: 'The history begins anew; check the disk', error }),
      ),
    )
    const leases = stack.use(open(join(dataDir, 'leases.db'), 'normal', LEASE_STEPS))
    const queries = createQueries<AccessTables>(house)
    const box = await openSecretBox(dataDir)
    log('debug', 'store-open', { dataDir })
    const owned = stack.move()
    return {
      lineup: createLineupStore(house),
      pictures: createPictureStore(house),
      vodNumbers: createVodNumberStore(house),
      guide: createGuideStore(guide),
      imports: createImportStore(guide),
      guideChoices: createGuideChoiceStore(house),
      sourceEvents: createSourceEventStore(guide),
      jobs: createJobStore(guide),
      access: {
        accounts: createAccountStore(queries),
        tokens: createTokenStore(queries),
        endedSessions: createEndedSessionStore(queries, now),
        shortLinks: createShortLinkStore(house),
        leases: createLeaseStore(leases),
      },
      history: {
        viewings: createViewingStore(history),
        samples: createSampleStore(history),
        alerts: createAlertStore(history),
        outbox: createOutboxStore(history),
      },
      settings: createSettingStore(house, box),
      schedules: createScheduleStore(house),
      audit: createAuditBook(house),
      entries: {
        sources: createEntryStore(house, { box, list: 'source' }),
        guides: createEntryStore(house, { box, list: 'guide' }),
      },
      copies: {
        'downlink.db': (path) => house.copyTo(path),
        'guide.db': (path) => guide.copyTo(path),
        'history.db': (path) => history.copyTo(path),
      },
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  } catch (cause) {
    await stack.disposeAsync()
    throw cause
  }
}

/** A guide or a history that a disk has spoilt is not worth a stop: it is thrown away, and begins anew. */
function openLosable(path: string, steps: readonly string[], spoilt: (error: string) => void): Database {
  try {
    return open(path, 'normal', steps)
  } catch (cause) {
    if (!isSpoilt(cause)) throw cause
    spoilt(String(cause))
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
    return open(path, 'normal', steps)
  }
}

// The texts of SQLITE_NOTADB and SQLITE_CORRUPT; Deno gives no error codes.
const isSpoilt = (thrown: unknown): boolean =>
  thrown instanceof Error && /file is not a database|disk image is malformed/i.test(thrown.message)

function open(path: string, durability: 'full' | 'normal', steps: readonly string[]): Database {
  const database = openDatabase(path, durability)
  try {
    migrate(database, steps)
    return database
  } catch (cause) {
    database[Symbol.dispose]()
    throw cause
  }
}
