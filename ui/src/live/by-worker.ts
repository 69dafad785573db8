import type { LineMessage, OpenLine } from './line.ts'

/** A line held by a SharedWorker, one for all tabs; null where the browser has none (Chrome on Android). */
export function lineByWorker(): OpenLine | null {
  if (!('SharedWorker' in globalThis)) return null
  return (hear) => {
    const { port } = new SharedWorker(new URL('./shared-worker.ts', import.meta.url), {
      type: 'module',
      name: 'downlink events',
    })
    port.addEventListener('message', ({ data }: MessageEvent<LineMessage>) => hear(data))
    port.start()
    return {
      restart: () => port.postMessage('restart'),
      close: () => {
        port.postMessage('bye')
        port.close()
      },
    }
  }
}
