import type { SourceKeeper } from '../adapters/lan/source-keeper.ts'
import type { Jobs } from '../core/jobs/jobs.ts'
import type { FilePlays } from '../core/live/file-play.ts'
import type { LogDesk } from '../core/logs/log-desk.ts'
import type { Hub } from '../core/live/hub.ts'
import type { AlertDesk } from '../handlers/alerts/alert-desk.ts'
import type { Gateway } from '../handlers/gateway.ts'
import type { HouseLinear } from './linear.ts'

/** All that pages are told of while it happens. */
export const houseChanges = ({
  hub,
  plays,
  alerts,
  lineup,
  sources,
  jobs,
  logs,
  linear,
}: {
  readonly hub: Pick<Hub, 'onChange'>
  readonly plays: Pick<FilePlays, 'onChange'>
  readonly alerts: Pick<AlertDesk, 'onChange'>
  readonly lineup: { onChange(listener: () => void): () => void }
  readonly sources: Pick<SourceKeeper, 'onChange'>
  readonly jobs: Pick<Jobs, 'onChange'>
  readonly logs: Pick<LogDesk, 'onLine'>
  readonly linear: Pick<HouseLinear, 'onChange'>
}): Gateway['changes'] => ({
  subscribe(listener) {
    const ends = [
      hub.onChange((channelId) => listener({ kind: 'stream', channelId })),
      plays.onChange((playId) => listener({ kind: 'play', playId })),
      alerts.onChange((alertId) => listener({ kind: 'alert', alertId })),
      lineup.onChange(() => listener({ kind: 'lineup' })),
      sources.onChange((sourceId) => listener({ kind: 'source', sourceId })),
      jobs.onChange((jobId) => listener({ kind: 'job', jobId })),
      logs.onLine(() => listener({ kind: 'log' })),
      linear.onChange(listener),
    ]
    return () => {
      for (const end of ends) end()
    }
  },
})
