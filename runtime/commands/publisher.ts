import * as v from 'valibot'
import type { Command } from '../command.ts'
import { askHouse } from '../house-commands.ts'
import { loadConfig } from '../load-config.ts'
import { UsageError } from '../usage-error.ts'

const PublicKey = v.object({ publicKey: v.string() })

/** `publisher`: what a front has to know to take what this house publishes. */
export const publisher: Command = async ({ options }) => {
  const config = loadConfig(options)
  if (config.role === 'gateway')
    throw new UsageError('A front publishes nothing: run "publisher" where the adapter is, in its data folder')
  const { publicKey } = v.parse(PublicKey, await askHouse(config, { command: 'publisher/show', args: {} }))
  const { site } = config.links
  const lines = [
    `Settings of a front that takes what this house publishes as site "${site}":`,
    `  DOWNLINK_PUBLISHERS=${publicKey}`,
    ...(site === 'home' ? [] : [`  DOWNLINK_SITE=${site}`]),
    'And here, with the address of the front:',
    '  DOWNLINK_FRONTS=https://tv.example.org',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return 0
}
