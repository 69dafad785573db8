import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { sourceSchemas } from '../adapters/sources/registry.ts'
import { parseConfig } from '../core/config.ts'
import type { Config } from '../core/config.ts'
import { Failure } from '../core/errors.ts'
import type { Options } from './command.ts'

const DEFAULT_FILE = 'downlink.yaml'

/** The configuration of this house, whatever its kinds of sources. */
export type HouseConfig = Config<typeof sourceSchemas>

function readFile(named: string | undefined): unknown {
  const path = named ?? DEFAULT_FILE
  if (named === undefined && !existsSync(path)) return null
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new Failure('config/invalid', `--config: "${path}" cannot be read; it should be a YAML file`, {}, error)
  }
  try {
    return parse(text)
  } catch (error) {
    // The parser's message quotes the line, which may hold a password: only the position is told.
    const line = /at line (\d+), column (\d+)/.exec(error instanceof Error ? error.message : '')
    const where = line ? ` at line ${line[1]}, column ${line[2]}` : ''
    throw new Failure('config/invalid', `${path}: this is not YAML${where}`, {}, error)
  }
}

/**
 * Reads a configuration with the source kinds that this program knows.
 *
 * Fails with `config/invalid`; the message is one line that names the key and says what it should be.
 */
export function readConfig(input: {
  readonly file: unknown
  readonly env: Readonly<Record<string, string | undefined>>
  readonly options: Options
}): HouseConfig {
  return parseConfig({ ...input, sourceSchemas })
}

/** Path of the file that `loadConfig` reads; null: there is none. */
export function configFileOf({ config }: Options): string | null {
  return config ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : null)
}

/** Reads the configuration from the file (`--config`, else `downlink.yaml` if it is there), the environment and the options. */
export function loadConfig(options: Options): HouseConfig {
  const { config, ...rest } = options
  return readConfig({ file: readFile(config), env: process.env, options: rest })
}
