import assert from 'node:assert/strict'
import * as v from 'valibot'
import { enigma2Schema } from '../../../../core/source-kinds/enigma2.ts'
import type { Enigma2Config } from '../../../../adapters/sources/enigma2/config.ts'
import { createEnigma2Source } from '../../../../adapters/sources/enigma2/source.ts'
import type { Enigma2Ports, Enigma2Source } from '../../../../adapters/sources/enigma2/source.ts'
import { systemTimers } from '../../../../adapters/sources/timers.ts'
import type { Timers } from '../../../../adapters/sources/timers.ts'
import { Failure } from '../../../../core/errors.ts'
import type { FailureCode } from '../../../../core/errors.ts'
import { sourceId } from '../../../../core/lineup/stream.ts'
import type { Log } from '../../../../core/log.ts'

/** A configured receiver; `settings` as they are written in the file. */
export function aConfig(
  settings: Readonly<Record<string, unknown>>,
  common: Partial<Enigma2Config> = {},
): Enigma2Config {
  return {
    id: sourceId('box'),
    kind: 'enigma2',
    name: 'Box',
    enabled: true,
    maxStreams: null,
    priority: 0,
    bufferSeconds: 0,
    allowHosts: [],
    ...common,
    settings: v.parse(enigma2Schema, settings),
  }
}

/** A log that remembers its lines. */
export function createTestLog(): { readonly log: Log; readonly lines: { event: string; facts: unknown }[] } {
  const lines: { event: string; facts: unknown }[] = []
  return { lines, log: (_level, event, facts = {}) => void lines.push({ event, facts }) }
}

/** A driver on the real clock. */
export function aSource(config: Enigma2Config, ports: Partial<Enigma2Ports> = {}): Enigma2Source {
  return createEnigma2Source(config, { log: () => {}, now: Date.now, ...ports })
}

/** A signal that ends a test that hangs. */
export const patience = (): AbortSignal => AbortSignal.timeout(8000)

/** Timers whose limits and pauses pass a hundred times as fast. */
export const hasty: Timers = { after: (ms, run) => systemTimers.after(ms / 100, run) }

/** For `assert.rejects`: whether it is this expected failure. */
export const failsWith =
  (code: FailureCode) =>
  (error: unknown): true => {
    assert.ok(error instanceof Failure, String(error))
    assert.equal(error.code, code)
    return true
  }

/** A configured source; `settings` may hold `maxStreams` and `allowHosts` as well. */
export function aSourceWith(
  settings: Readonly<Record<string, unknown>>,
  ports: Partial<Enigma2Ports> = {},
): Enigma2Source {
  const { maxStreams, allowHosts, ...own } = settings
  const common = {
    ...(typeof maxStreams === 'number' ? { maxStreams } : {}),
    ...(Array.isArray(allowHosts) ? { allowHosts: allowHosts.map(String) } : {}),
  }
  return aSource(aConfig(own, common), ports)
}
