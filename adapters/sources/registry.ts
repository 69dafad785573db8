import type { SourceConfig } from '../../core/config/sources.ts'
import type { DriverPorts, SourceDriver } from './driver.ts'
import { enigma2Schema } from '../../core/source-kinds/enigma2.ts'
import { createEnigma2Source } from './enigma2/source.ts'
import { m3uSchema } from '../../core/source-kinds/m3u.ts'
import { createM3uSource } from './m3u/source.ts'
import { mediaSchema } from './media/config.ts'
import { createMediaSource } from './media/source.ts'
import { createStalkerDriver } from './stalker/driver.ts'
import { stalkerSchema } from '../../core/source-kinds/stalker.ts'
import { xtreamSchema } from '../../core/source-kinds/xtream.ts'
import { createXtreamSource } from './xtream/source.ts'

export type { DriverPorts, SourceDriver, SourceMemory } from './driver.ts'

/** The keys of each kind of source, for reading the configuration. */
export const sourceSchemas = {
  enigma2: enigma2Schema,
  m3u: m3uSchema,
  media: mediaSchema,
  stalker: stalkerSchema,
  xtream: xtreamSchema,
} as const

/** A source as configured, of any kind. */
export type AnySourceConfig = SourceConfig<typeof sourceSchemas>

/** Makes the driver of a configured source. It connects to nothing before it is asked. */
export function createSource(config: AnySourceConfig, ports: DriverPorts): SourceDriver {
  switch (config.kind) {
    case 'enigma2':
      return createEnigma2Source(config, ports)
    case 'm3u':
      return createM3uSource(config, ports)
    case 'media':
      return createMediaSource(config, ports)
    case 'stalker':
      return createStalkerDriver(config, ports)
    case 'xtream':
      return createXtreamSource(config, ports)
    default:
      return config satisfies never
  }
}
