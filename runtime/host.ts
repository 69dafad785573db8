import type { ListenAddress } from '../core/config.ts'
import type { BodyOutlet } from '../handlers/gateway.ts'

/** Answers one request; `env` is what the runtime knows of the connection and reaches Hono as `c.env`. */
export type Fetch = (request: Request, env: unknown) => Response | Promise<Response>

/** Sockets that accept requests. `stop` ends accepting at once and cuts what is left after `graceMs`. */
export type Listening = {
  readonly urls: readonly string[]
  stop(graceMs: number): Promise<void>
}

/**
 * What differs between Node, Bun and Deno for this program: the HTTP server, its fastest way to push a body, and where
 * the peer's address is. Everything else goes through `node:*`, which behaves alike on the three.
 */
export type Host = {
  readonly name: 'node' | 'bun' | 'deno'
  readonly version: string
  readonly outlet: BodyOutlet
  /** The socket's own peer address for a Hono context; '' if unknown. */
  readonly peerAddress: (context: unknown) => string
  /** Listens on every address; fails with the system's error (`EADDRINUSE`, `EACCES`) when one cannot be had. */
  readonly serve: (fetch: Fetch, addresses: readonly ListenAddress[]) => Promise<Listening>
}
