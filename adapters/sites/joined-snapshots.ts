import type { SnapshotClient } from '../link/snapshot-client.ts'
import { atMost } from '../link/at-most.ts'
import { Failure } from '../../core/errors.ts'
import type { LineupIndex } from '../../core/lineup/lineup.ts'
import { joinLineups } from '../../core/sites/join-lineups.ts'
import { joinPeople } from '../../core/sites/join-people.ts'
import { siteOfKey, toFrontSource, toSiteChannel } from '../../core/sites/site-keys.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { Site } from './site.ts'

/** How long those who are asked first wait for the other sites once one has told its channels. */
const WAIT_FOR_OTHERS_MS = 1_500

/** The houses of several sites as one. A site that has told nothing yet is left out; nobody waits for it twice. */
export function joinSnapshots(sites: readonly Site[]): SnapshotClient {
  const asked = new Set<Site>()
  const told = (): readonly Site[] => sites.filter(({ snapshots }) => snapshots.ready())
  const siteOf = (channel: Channel): Site | undefined => sites.find(({ number }) => number === siteOfKey(channel.key))
  const joinedLineup = remember(
    () => told().map((site) => site.snapshots.lineup.current()),
    (lineups: readonly LineupIndex[]) => {
      const present = told()
      return joinLineups(lineups.flatMap((lineup, index) => (present[index] ? [{ site: present[index], lineup }] : [])))
    },
  )
  const joinedPeople = remember(
    () => sites.map(({ snapshots }) => snapshots.people()),
    (all) => joinPeople(sites.map((site, index) => ({ site, people: all[index] ?? null }))),
  )
  const joinedRevoked = remember(
    () => sites.map(({ snapshots }) => snapshots.revoked()),
    (all) => new Set(all.flatMap((ids) => [...ids])),
  )

  return {
    lineup: {
      current() {
        if (told().length === 0) throw new Failure('lineup/not-ready', 'No adapter has given its line-up yet')
        return joinedLineup()
      },
    },
    guide: {
      revision: () => sites.map(({ snapshots }) => snapshots.guide.revision()).join('_'),
      programmes: (channel, window) =>
        siteOf(channel)?.snapshots.guide.programmes(toSiteChannel(channel), window) ?? [],
    },
    revoked: joinedRevoked,
    people: joinedPeople,
    shelves: () =>
      told().flatMap((site) => site.snapshots.shelves().map(({ id, name }) => ({ id: toFrontSource(site, id), name }))),
    ready: () => told().length > 0,
    async freshen() {
      const isFirst = told().length === 0
      const waits = sites.map((site) => site.snapshots.ready() || !asked.has(site))
      const work = sites.map(async (site) => {
        await site.snapshots.freshen()
        if (!site.snapshots.ready()) throw new Failure('live/no-adapter', `The site "${site.id}" has told nothing yet`)
      })
      for (const one of work) one.catch(() => {}) // nobody has to wait for a site that is not there
      if (isFirst) await Promise.any(work).catch(() => {}) // none: the request says so itself
      await atMost(WAIT_FOR_OTHERS_MS, Promise.allSettled(work.filter((_, index) => waits[index])))
      for (const site of sites) asked.add(site)
    },
    async reload() {
      await Promise.all(sites.map(({ snapshots }) => snapshots.reload()))
    },
    async lookAgain() {
      await atMost(WAIT_FOR_OTHERS_MS, Promise.all(sites.map(({ snapshots }) => snapshots.lookAgain())))
    },
    async logo(channel, signal) {
      return (await siteOf(channel)?.snapshots.logo(toSiteChannel(channel), signal)) ?? null
    },
  }
}

/** Makes a value anew only when one of the things it is made of is another one. */
function remember<T, R>(read: () => readonly T[], make: (parts: readonly T[]) => R): () => R {
  let last: { readonly parts: readonly T[]; readonly made: R } | null = null
  return () => {
    const parts = read()
    const isSame =
      last !== null && last.parts.length === parts.length && parts.every((part, at) => part === last?.parts[at])
    if (last === null || !isSame) last = { parts, made: make(parts) }
    return last.made
  }
}
