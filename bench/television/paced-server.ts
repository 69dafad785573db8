import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const TICK_MS = 20

/** Serves a stream over HTTP at a constant rate, beginning where the query says (`?from=` bytes), as if tuned at that moment. */
export async function servePaced(
  stream: Uint8Array,
  bytesPerSecond: number,
): Promise<{ readonly port: number } & Disposable> {
  const server = createServer(({ url }, response) => {
    let at = Number(new URL(url ?? '/', 'http://television').searchParams.get('from') ?? 0)
    const began = performance.now()
    const from = at
    response.writeHead(200, { 'Content-Type': 'video/mpeg' })
    const timer = setInterval(() => {
      const until = from + Math.floor(((performance.now() - began) / 1000) * bytesPerSecond)
      response.write(stream.subarray(at, until))
      at = until
      if (at >= stream.length) response.end()
    }, TICK_MS)
    response.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
