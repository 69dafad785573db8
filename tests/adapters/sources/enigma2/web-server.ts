import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'

/** A request as a test wants to look at it. */
export type SeenRequest = {
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

/** What to answer; null: nothing, ever. */
export type WebReply = {
  readonly status?: number
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
} | null

/** A web server of a few lines on 127.0.0.1 that remembers what it was asked. */
export async function startWeb(
  reply: (request: SeenRequest) => WebReply | Promise<WebReply>,
  tls?: { readonly key: string; readonly cert: string },
): Promise<AsyncDisposable & { readonly url: URL; readonly requests: readonly SeenRequest[] }> {
  const requests: SeenRequest[] = []
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', 'http://box')
    const request = { path: url.pathname, query: url.searchParams, headers: incoming.headers }
    requests.push(request)
    const answer = await reply(request)
    if (answer === null) return
    outgoing.writeHead(answer.status ?? 200, { 'Content-Type': answer.type ?? 'application/json', ...answer.headers })
    outgoing.end(answer.body)
  }
  const server: Server =
    tls === undefined
      ? createServer((...both) => void handle(...both))
      : createTlsServer(tls, (...both) => void handle(...both))
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  return {
    url: new URL(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`),
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
