import { join } from 'node:path'
import { SERVING_PACE } from '../adapters/serving-pace.ts'
import { createFolderSnapshotStore } from '../adapters/snapshots/folder-store.ts'
import { createPublisher } from '../adapters/snapshots/publisher.ts'
import type { SettingStore } from '../adapters/store/setting-store.ts'
import { systemTimers } from '../core/live/timers.ts'
import type { Failure } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { createPublication } from '../core/snapshots/publication.ts'
import type { Publication } from '../core/snapshots/publication.ts'
import type { SnapshotPart } from '../core/snapshots/part.ts'
import { makePublisherKey, openPublisherKey } from '../core/snapshots/publisher-key.ts'
import type { PublisherId, PublisherKey } from '../core/snapshots/publisher-key.ts'
import { HOUSE_NOTICES } from '../core/notices/house.ts'
import { notice } from '../core/notices/notice.ts'
import type { Notice } from '../core/notices/notice.ts'
import type { HouseConfig } from './load-config.ts'

const KEY_SETTING = 'publisher.key'

/** The key with which this house signs what it publishes: made once, encrypted in the data folder. */
export async function publisherKey(settings: Pick<SettingStore, 'secret' | 'setSecret'>): Promise<PublisherKey> {
  const kept = await settings.secret(KEY_SETTING)
  if (kept !== null) return openPublisherKey(kept)
  const made = await makePublisherKey()
  await settings.setSecret(KEY_SETTING, made)
  return openPublisherKey(made)
}

/** What this house publishes, and to whom. */
export interface Publishing extends AsyncDisposable {
  readonly publication: Publication
  /** With which fronts check what this house publishes. */
  readonly publicKey: PublisherId
  start(): void
  /** The fronts, and what is wrong with each. */
  fronts(): readonly { readonly url: string; readonly problem: Failure | null }[]
  /** What the owner should know: fronts that cannot be reached or refuse us. */
  notices(): readonly Notice[]
}

/** Puts together what publishes the `parts` of this house. */
export async function assemblePublishing({
  config,
  settings,
  parts,
  ready,
  now,
  log,
}: {
  readonly config: Pick<HouseConfig, 'links' | 'dataDir'>
  readonly settings: SettingStore
  readonly parts: readonly SnapshotPart[]
  readonly ready: () => boolean
  readonly now: () => number
  readonly log: Log
}): Promise<Publishing> {
  const { site, fronts } = config.links
  const key = await publisherKey(settings)
  const store = createFolderSnapshotStore({ dir: join(config.dataDir, 'cache', 'snapshots'), now })
  const publication = createPublication({ site, key, store, parts, pace: SERVING_PACE, now })
  const publisher = createPublisher({
    fronts,
    publication,
    key,
    ready,
    fetch: (url, init) => fetch(url, init),
    timers: systemTimers,
    now,
    log,
  })
  return {
    publication,
    publicKey: key.id,
    start() {
      if (fronts.length === 0) return
      log('info', 'publisher', { site, publicKey: key.id, fronts: fronts.length })
      publisher.start()
    },
    fronts: () => publisher.fronts(),
    notices: () =>
      publisher.fronts().flatMap(({ url, problem }) => {
        if (problem === null) return []
        const { host } = new URL(url)
        return [notice(HOUSE_NOTICES, 'front/not-published', { host }, { failure: problem.code })]
      }),
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  }
}
