import type { Line, LineMessage, LineState, OpenLine } from './line.ts'

/** One line shared by many ends: what it says is heard by all of them. */
export type Switchboard = {
  /** Adds an end; the line is opened with the first and closed after the last. */
  join(hear: (message: LineMessage) => void): { leave(): void; restart(): void }
}

/** Shares what `open` opens. Whoever joins later is told the state at once. */
export function createSwitchboard(open: OpenLine): Switchboard {
  const ends = new Set<(message: LineMessage) => void>()
  let line: Line | null = null
  let state: LineState = 'off'
  return {
    join: (hear) => {
      ends.add(hear)
      if (line === null) {
        line = open((message) => {
          if (message.type === 'state') state = message.state
          for (const end of ends) end(message)
        })
      } else hear({ type: 'state', state })
      return {
        restart: () => line?.restart(),
        leave: () => {
          if (!ends.delete(hear) || ends.size > 0) return
          const last = line
          line = null
          state = 'off'
          last?.close()
        },
      }
    },
  }
}
