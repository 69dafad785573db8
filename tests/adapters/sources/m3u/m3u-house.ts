import * as v from 'valibot'
import { m3uSchema } from '../../../../core/source-kinds/m3u.ts'
import type { M3uConfig } from '../../../../adapters/sources/m3u/config.ts'
import { createM3uSource } from '../../../../adapters/sources/m3u/source.ts'
import type { M3uPorts } from '../../../../adapters/sources/m3u/source.ts'
import type { SourceDriver } from '../../../../adapters/sources/driver.ts'
import { sourceId } from '../../../../core/lineup/stream.ts'

/** A configured list; `settings` as they are written in the file, `allowHosts` and `maxStreams` among them. */
export function aConfig(settings: Readonly<Record<string, unknown>>): M3uConfig {
  const { allowHosts, maxStreams, ...own } = settings
  return {
    id: sourceId('list'),
    kind: 'm3u',
    name: 'List',
    enabled: true,
    maxStreams: typeof maxStreams === 'number' ? maxStreams : null,
    priority: 0,
    bufferSeconds: 0,
    allowHosts: Array.isArray(allowHosts) ? allowHosts.map(String) : [],
    settings: v.parse(m3uSchema, own),
  }
}

/** A driver on the real clock. */
export const aSource = (settings: Readonly<Record<string, unknown>>, ports: Partial<M3uPorts> = {}): SourceDriver =>
  createM3uSource(aConfig(settings), { log: () => {}, now: Date.now, ...ports })
