import type { Command } from '../command.ts'
import { assembleFront } from '../front.ts'
import { runHouse } from '../house.ts'
import { assembleLan } from '../lan.ts'
import { configFileOf, loadConfig } from '../load-config.ts'

/** `serve`: the gateway in the configured role, until a signal. */
export const serve: Command = async ({ host, options }) => {
  const config = loadConfig(options)
  return runHouse(host, config, (surroundings) =>
    config.role === 'gateway'
      ? assembleFront({ host, config, log: surroundings.log })
      : assembleLan({ host, config, configFile: configFileOf(options), ...surroundings }),
  )
}
