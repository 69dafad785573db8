import { accessSync, constants, mkdirSync } from 'node:fs'
import { Failure } from '../core/errors.ts'

/** Makes the data folder if it is missing, for its owner alone. Fails with `config/invalid` when it cannot be used. */
export function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new Failure(
      'config/invalid',
      `dataDir: "${path}" cannot be used (${code}); it should be a folder that we may write (--data, DOWNLINK_DATA)`,
      {},
      error,
    )
  }
}
