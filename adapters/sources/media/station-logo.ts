import { readFile, realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import type { ChannelDoc } from '../../../core/linear/document.ts'
import type { HttpClient } from '../../net/http-client.ts'

const LOGO_BYTES = 2 * 1024 * 1024
const LOGO_MS = 10_000

/**
 * The picture of a channel: what its document names, a file of the library's folder or an address; else the logo that it
 * shows. Null: there is none, or it is not there. Never a file outside of the folder, whatever links lie in it.
 */
export async function readStationLogo(
  { logo, looks }: Pick<ChannelDoc, 'logo' | 'looks'>,
  { folder, client, signal }: { readonly folder: string; readonly client: HttpClient; readonly signal: AbortSignal },
): Promise<Uint8Array | null> {
  const named = logo ?? looks.logo?.file ?? null
  if (named === null) return null
  return /^https?:\/\//i.test(named) ? await fetchLogo(named, client, signal) : await readWithin(folder, named)
}

async function fetchLogo(address: string, client: HttpClient, signal: AbortSignal): Promise<Uint8Array | null> {
  const url = URL.parse(address)
  if (url === null) return null
  // Documents also come by the network: what they name may not lead into ours unless `allowHosts` says so.
  const answer = await client.request(url, {
    named: 'answered',
    headersMs: LOGO_MS,
    idleMs: LOGO_MS,
    maxBytes: LOGO_BYTES,
    signal,
  })
  if (answer.status === 200) return await answer.bytes(LOGO_BYTES)
  answer.close()
  return null
}

async function readWithin(folder: string, name: string): Promise<Uint8Array | null> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(resolve(folder, name))])
    const way = relative(root, file)
    if (way === '' || way.startsWith('..') || isAbsolute(way)) return null
    const { size } = await stat(file)
    return size <= LOGO_BYTES ? await readFile(file) : null
  } catch {
    return null // the share is away, or somebody has deleted it
  }
}
