import type { Log } from '../core/log.ts'
import { parseConfig } from '../core/config.ts'
import { streamOutlet } from '../handlers/stream-outlet.ts'
import { createFront } from './edge.ts'
import type { Fetch } from './host.ts'
import { readPages } from './pages.ts'
import { ASSETS } from './assets.gen.ts'

type Variables = Readonly<Record<string, unknown>>

const log: Log = (level, event, facts) => console.log(JSON.stringify({ level, event, ...facts }))

let front: Fetch | null = null

/** Only texts are settings; bindings to other services are not ours to read. */
const texts = (env: Variables): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

/** The front on Workers. Its variables reach it with the first request, so it is assembled then. */
export default {
  async fetch(request: Request, env: Variables): Promise<Response> {
    front ??= createFront({
      config: parseConfig({ file: null, env: texts(env), options: { role: 'gateway' }, sourceSchemas: {} }),
      runtime: 'workers',
      outlet: streamOutlet,
      pages: readPages(ASSETS),
      // The platform ends the viewer's connection itself and names the viewer; no other proxy is in between.
      peerAddress: (context) =>
        (context as { req?: { raw?: Request } }).req?.raw?.headers.get('cf-connecting-ip') ?? '',
      fetch: (url, init) => fetch(url, init),
      log,
      now: Date.now,
    })
    return front(request, env)
  },
}
