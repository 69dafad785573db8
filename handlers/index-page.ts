import type { Page, PageReader } from './gateway.ts'

const INDEX = '/index.html'
/** How the build names its files: beside the page. */
const BESIDE = /="\.\/(?=assets\/)/g

/**
 * Gives the one HTML file of the web interface, as a page at `path` needs it: the addresses of its files are relative, so
 * that they are right below whatever prefix a proxy puts in front of us, and a page further down has further up to go.
 * Null: the web interface has no such file.
 *
 * Written anew once for each depth that is asked for, and kept.
 */
export function indexPages(pages: PageReader): (path: string) => Promise<Page | null> {
  const kept = new Map<number, Promise<Page>>()
  return async (path) => {
    const page = pages.page(INDEX)
    const depth = path.split('/').length - 2
    if (page === null || depth <= 0) return page
    const known = kept.get(depth)
    if (known !== undefined) return known
    const made = rewrite(page, depth)
    kept.set(depth, made)
    return made
  }
}

async function rewrite(page: Page, depth: number): Promise<Page> {
  const plain = new Blob([page.bytes]).stream()
  const html = await new Response(page.gzip ? plain.pipeThrough(new DecompressionStream('gzip')) : plain).text()
  const lower = new Blob([html.replace(BESIDE, `="${'../'.repeat(depth)}`)]).stream()
  const packed = page.gzip ? lower.pipeThrough(new CompressionStream('gzip')) : lower
  return { ...page, bytes: new Uint8Array(await new Response(packed).arrayBuffer()), tag: `${page.tag}-${depth}` }
}
