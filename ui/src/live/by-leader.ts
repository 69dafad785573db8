import type { Line, LineMessage, LineState, OpenLine } from './line.ts'

/** What tabs need to elect one of them: locks that end with their tab, and a channel between them. */
export type Election = {
  readonly locks: Pick<LockManager, 'request'>
  readonly channel: () => Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>
}

const LOCK = 'downlink events'

/** The browser's own means; null on plain http by address, where browsers give pages no locks. */
export function electionHere(): Election | null {
  if (!('locks' in navigator) || !('BroadcastChannel' in globalThis)) return null
  return { locks: navigator.locks, channel: () => new BroadcastChannel(LOCK) }
}

type Word = { readonly say: LineMessage } | { readonly ask: 'state' | 'restart' }

/**
 * A line held by one tab for all: the tab that gets the lock opens `open` and passes on what it hears; when it goes, the next
 * one takes over.
 */
export const lineByLeader =
  ({ locks, channel }: Election, open: OpenLine): OpenLine =>
  (hear) => {
    const others = channel()
    const stop = new AbortController()
    let own: Line | null = null
    let state: LineState = 'opening'
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has no other origins
    const say = (word: Word) => others.postMessage(word)
    others.addEventListener('message', ({ data }: MessageEvent<Word>) => {
      if ('say' in data) return own === null ? hear(data.say) : undefined
      if (own === null) return
      if (data.ask === 'restart') own.restart()
      else say({ say: { type: 'state', state } })
    })
    void locks
      .request(LOCK, { signal: stop.signal }, async () => {
        if (stop.signal.aborted) return
        own = open((message) => {
          if (message.type === 'state') state = message.state
          hear(message)
          say({ say: message })
        })
        await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }))
      })
      .catch((cause: unknown) => {
        if (!stop.signal.aborted) throw cause
      })
    say({ ask: 'state' })
    return {
      restart: () => (own === null ? say({ ask: 'restart' }) : own.restart()),
      close: () => {
        own?.close()
        stop.abort()
        others.close()
      },
    }
  }
