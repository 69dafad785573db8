import { Failure } from '../../../core/errors.ts'
import type { SourceCheck } from '../../../core/lineup/source-check.ts'
import type { ListFile } from './list-file.ts'

/** Enough for the first entries, whatever attributes they have. */
const HEAD_BYTES = 16 * 1024

/** Reads the head of the list and no more: some hundred MB are not fetched to see whether it is there. */
export const createListCheck = (file: ListFile): SourceCheck => ({
  asks: 'list',
  takesUserAgent: true,
  async ask({ userAgent, signal }) {
    const opened = await file.open(null, signal, userAgent ?? undefined)
    if (opened === null) throw new Failure('source/bad-answer', 'The provider says "unchanged" to a first question')
    let head = ''
    const decoder = new TextDecoder()
    // Leaving the loop closes the connection.
    for await (const chunk of opened.bytes) {
      head += decoder.decode(chunk, { stream: true })
      if (head.length >= HEAD_BYTES) break
    }
    const entries = head.match(/^#EXTINF:/gm)?.length ?? 0
    if (entries === 0) throw new Failure('source/bad-answer', 'What comes from this address is no channel list')
    return { entriesInHead: entries, hasVersion: opened.version.etag !== null || opened.version.lastModified !== null }
  },
})
