import * as v from 'valibot'
import { xtreamSchema } from '../../../../core/source-kinds/xtream.ts'
import type { XtreamConfig } from '../../../../adapters/sources/xtream/config.ts'
import { createXtreamSource } from '../../../../adapters/sources/xtream/source.ts'
import type { DriverPorts, SourceDriver } from '../../../../adapters/sources/driver.ts'
import { sourceId } from '../../../../core/lineup/stream.ts'
import type { Log } from '../../../../core/log.ts'
import { startPanel } from '../../../fakes/panel/index.ts'
import type { FakePanel, PanelOptions } from '../../../fakes/panel/index.ts'

/** A panel with the driver of its account `viewer`. Disposing it closes both. */
export interface PanelHouse extends AsyncDisposable {
  readonly panel: FakePanel
  readonly driver: SourceDriver
  readonly config: XtreamConfig
  /** Log lines so far. */
  readonly lines: { event: string; facts: unknown }[]
}

/** What a test may change. */
export type PanelHouseOptions = PanelOptions & {
  readonly settings?: PanelOptions['settings']
  /** Keys of the source as written in the file. */
  readonly keys?: Readonly<Record<string, unknown>>
  readonly common?: Partial<XtreamConfig>
  readonly ports?: Partial<DriverPorts>
}

/** Starts a panel and makes a driver for it. */
export async function openPanelHouse(options: PanelHouseOptions = {}): Promise<PanelHouse> {
  const panel = await startPanel(options)
  const [account] = panel.model.accounts
  const { username, password } = account ?? { username: '', password: '' }
  const config: XtreamConfig = {
    id: sourceId('panel'),
    kind: 'xtream',
    name: 'Panel',
    enabled: true,
    maxStreams: null,
    priority: 0,
    allowHosts: [],
    bufferSeconds: 0,
    ...options.common,
    settings: v.parse(xtreamSchema, { url: panel.url, username, password, ...options.keys }),
  }
  const lines: PanelHouse['lines'] = []
  const log: Log = (_level, event, facts = {}) => void lines.push({ event, facts })
  const driver = createXtreamSource(config, { log, now: Date.now, ...options.ports })
  return {
    panel,
    driver,
    config,
    lines,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await panel[Symbol.asyncDispose]()
    },
  }
}
