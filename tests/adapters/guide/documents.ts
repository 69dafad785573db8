import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that is gone after the test. */
export function aFolder(): Disposable & { readonly path: string; readonly in: (name: string) => string } {
  const path = mkdtempSync(join(tmpdir(), 'downlink-guide-'))
  return {
    path,
    in: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** 2026-11-21 20:00 UTC. */
export const EVENING = Date.UTC(2026, 10, 21, 20)
const HOUR_MS = 3_600_000
/** Length of every programme of `aDocument`. */
export const HALF_HOUR_MS = HOUR_MS / 2

/** Around the evening, as a library would ask. */
export const WINDOW = { from: EVENING - 24 * HOUR_MS, to: EVENING + 30 * 24 * HOUR_MS }

/** What a document tells: channels of so many programmes of half an hour, from the evening on. */
export type DocumentPlan = {
  readonly channels?: number
  readonly programmes?: number
  readonly title?: string
  /** Attributes of the head, which may change from one fetch to the next. */
  readonly head?: string
  /** Hours after the evening at which the first programme begins. */
  readonly fromHour?: number
}

/** An XMLTV document. */
export function aDocument(plan: DocumentPlan = {}): string {
  const { channels = 2, programmes = 3, title = 'Show', head = '', fromHour = 0 } = plan
  const ids = Array.from({ length: channels }, (_, index) => `channel${index + 1}.de`)
  const lines = ids.map((id, index) => `<channel id="${id}"><display-name>Kanal ${index + 1}</display-name></channel>`)
  for (const id of ids)
    for (let index = 0; index < programmes; index++) {
      const start = EVENING + fromHour * HOUR_MS + index * HALF_HOUR_MS
      lines.push(
        `<programme start="${time(start)}" stop="${time(start + HALF_HOUR_MS)}" channel="${id}">` +
          `<title>${title} ${index}</title></programme>`,
      )
    }
  return `<?xml version="1.0"?>\n<tv ${head}>\n${lines.join('\n')}\n</tv>\n`
}

const time = (instant: number): string =>
  `${new Date(instant).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)} +0000`
