/** One event of a stream (Server-Sent Events, WHATWG HTML, 9.2). */
export type SseEvent = { readonly kind: string; readonly data: string }

// No event of ours comes near; a server that never ends a line must not fill the memory.
const MOST_PENDING = 1024 * 1024

/**
 * Reads a stream of Server-Sent Events, piece by piece: give it text as it arrives, it gives the events that are whole.
 *
 * Comments and fields other than `event` and `data` are left out. Throws `RangeError` when one line or event exceeds 1 MiB.
 */
export function readSse(): (text: string) => readonly SseEvent[] {
  let rest = ''
  let kind = ''
  let data: string[] = []
  let size = 0
  return (text) => {
    const events: SseEvent[] = []
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push({ kind: kind === '' ? 'message' : kind, data: data.join('\n') })
        kind = ''
        data = []
        size = 0
        continue
      }
      const colon = line.indexOf(':')
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (field === 'event') kind = value
      if (field === 'data') data.push(value)
      size += line.length
    }
    if (rest.length + size > MOST_PENDING) throw new RangeError(`An event is longer than ${MOST_PENDING} characters`)
    return events
  }
}
