import type { EntryDesk } from '../adapters/config/entry-desk.ts'
import type { DraftMemories } from '../adapters/lan/draft-memories.ts'
import { testDraft } from '../adapters/lan/draft-tester.ts'
import type { SourceRoster } from '../adapters/lan/source-roster.ts'
import { createSource } from '../adapters/sources/registry.ts'
import type { AnySourceConfig, DriverPorts } from '../adapters/sources/registry.ts'
import { Failure } from '../core/errors.ts'
import type { Jobs } from '../core/jobs/jobs.ts'
import type { DraftDesk } from '../core/lineup/source-check.ts'
import type { Hub } from '../core/live/hub.ts'
import { testAsJob } from './test-job.ts'

/** Tries sources before they are kept: with a driver of their own, as a job. */
export function createDraftDesk(parts: {
  readonly entries: Pick<EntryDesk<AnySourceConfig>, 'draft'>
  readonly roster: Pick<SourceRoster, 'configs'>
  readonly hub: Pick<Hub, 'slots'>
  readonly jobs: Jobs
  readonly memories: Pick<DraftMemories, 'of'>
  readonly ports: Omit<DriverPorts, 'memory'>
}): DraftDesk {
  const { entries, roster, hub, jobs, memories, ports } = parts
  return {
    async test(entry, { askedBy, signal }) {
      const config = await entries.draft(entry)
      const disturbed = roster.configs().find((one) => usesSameMac(one, config) && (hub.slots(one.id)?.used ?? 0) > 0)
      if (disturbed !== undefined)
        throw new Failure('http/busy', `"${disturbed.name}" streams with one of these MACs, and a test would end that`)
      return testAsJob(jobs, {
        subject: null,
        name: config.name,
        askedBy,
        signal,
        isGood: ({ steps }) => steps.every(({ problem }) => problem === null),
        async work(until) {
          await using driver = createSource(config, { ...ports, memory: memories.of(config) })
          return await testDraft(driver, { now: ports.now, signal: until })
        },
      })
    },
  }
}

/** A portal ends the stream of a MAC that signs in anew. */
function usesSameMac(a: AnySourceConfig, b: AnySourceConfig): boolean {
  if (a.kind !== 'stalker' || b.kind !== 'stalker' || a.settings.url.host !== b.settings.url.host) return false
  const macs = new Set(a.settings.macs.map(({ mac }) => mac.reveal()))
  return b.settings.macs.some(({ mac }) => macs.has(mac.reveal()))
}
