import type { SourceConfig } from '../../core/config/sources.ts'
import type { DriverPorts, SourceDriver } from './driver.ts'
import { enigma2Schema } from './enigma2/schema.ts'
import { createEnigma2Source } from './enigma2/source.ts'

export type { DriverPorts, SourceDriver } from './driver.ts'

/** The keys of each kind of source, for reading the configuration. */
export const sourceSchemas = { enigma2: enigma2Schema } as const

/** A source as configured, of any kind. */
export type AnySourceConfig = SourceConfig<typeof sourceSchemas>

const makers: {
  readonly [Kind in AnySourceConfig['kind']]: (
    config: Extract<AnySourceConfig, { kind: Kind }>,
    ports: DriverPorts,
  ) => SourceDriver
} = {
  enigma2: createEnigma2Source,
}

/** Makes the driver of a configured source. It connects to nothing before it is asked. */
export function createSource(config: AnySourceConfig, ports: DriverPorts): SourceDriver {
  return makers[config.kind](config, ports)
}
