import assert from 'node:assert/strict'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createPictureShelf } from '../../../../adapters/library/pictures/picture-shelf.ts'
import type { PictureShelf } from '../../../../adapters/library/pictures/picture-shelf.ts'
import { openProbe } from '../../../../adapters/library/probe/open-probe.ts'
import { ItemStore } from '../../../../adapters/library/store/item-store.ts'
import { LIBRARY_STEPS } from '../../../../adapters/library/store/library-schema.ts'
import { openDatabase } from '../../../../adapters/store/database.ts'
import { migrate } from '../../../../adapters/store/migrate.ts'
import { wordsOfPath } from '../../../../core/library/names/words-of-path.ts'
import { findProgram, skipWithout } from '../../../require-program.ts'
import { makeClips } from '../clips.ts'
import type { Clips } from '../clips.ts'

const ffmpeg = findProgram('ffmpeg')
const { signal } = new AbortController()

if (ffmpeg === null) test('pictures', (t) => skipWithout(t, 'ffmpeg'))
else {
  let clips: Clips
  before(async () => {
    clips = await makeClips(ffmpeg, ['plain.mp4', 'sound.mp3', 'cover.mp3', 'broadcast.ts'])
    await mkdir(clips.path('.art'))
  })
  after(() => clips[Symbol.asyncDispose]())

  /** A shelf with one item. */
  const withItem = async (
    name: string,
    artwork: string | null,
    use: (kept: { shelf: PictureShelf; store: ItemStore; key: number; dir: string }) => Promise<void>,
    program: string | null = ffmpeg,
  ): Promise<void> => {
    using database = openDatabase(':memory:', 'normal')
    migrate(database, LIBRARY_STEPS)
    const store = new ItemStore(database, 'films')
    const file = { path: name, bytes: 1, modifiedAt: 1, inode: '', noteSign: '', artwork }
    const key = store.add({ file, words: wordsOfPath(name) }, 1)
    const result = await (await openProbe(ffmpeg))?.probe(clips.path(name), signal)
    if (result?.kind === 'facts') store.setFacts(key, { ...result, fingerprint: null })
    const dir = clips.path(`.pictures-${name}`)
    await using shelf = createPictureShelf({ store, root: clips.path(''), dir, ffmpeg: program })
    await use({ shelf, store, key, dir })
    await rm(dir, { recursive: true, force: true })
  }
  const ask = async ({ shelf, store, key }: { shelf: PictureShelf; store: ItemStore; key: number }) => {
    const kept = store.byKey(key)
    return kept === null ? null : shelf.picture(kept, signal)
  }

  test('picture() gives what lies beside the file, judged by its content', async () => {
    const gif = Uint8Array.from([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0, 0, 0])
    await writeFile(clips.path('.art/poster.jpg'), gif)
    await withItem('plain.mp4', '.art/poster.jpg', async (kept) => {
      assert.equal((await ask(kept))?.contentType, 'image/gif')
    })
  })

  test('picture() makes one of the film where what lies beside it is none', async () => {
    await writeFile(clips.path('.art/poster.jpg'), '<svg/>')
    await withItem('plain.mp4', '.art/poster.jpg', async (kept) => {
      assert.equal((await ask(kept))?.contentType, 'image/jpeg')
    })
  })

  test('picture() makes one once, for all who ask, and keeps it', async () => {
    await withItem('plain.mp4', null, async (kept) => {
      const [first, second] = await Promise.all([ask(kept), ask(kept)])
      assert.equal(first?.contentType, 'image/jpeg')
      assert.equal(first?.tag, second?.tag)
      assert.equal(kept.store.byKey(kept.key)?.hasPicture, true)
      assert.equal((await readdir(kept.dir)).length, 1)
      assert.equal((await ask(kept))?.tag, first?.tag)
    })
  })

  test('picture() gives a picture with square pixels', async () => {
    await withItem('broadcast.ts', null, async (kept) => {
      const bytes = (await ask(kept))?.bytes ?? new Uint8Array()
      await writeFile(clips.path('.art/frame.jpg'), bytes)
      const told = await (await openProbe(ffmpeg))?.probe(clips.path('.art/frame.jpg'), signal)
      assert.ok(told !== undefined)
      assert.deepEqual(sizeOf(bytes), { width: 512, height: 288 })
    })
  })

  test('picture() takes the cover that is packed into a file', async () => {
    await withItem('cover.mp3', null, async (kept) => {
      assert.deepEqual(sizeOf((await ask(kept))?.bytes ?? new Uint8Array()), { width: 64, height: 64 })
    })
  })

  test('picture() gives none for sound alone, and remembers nothing where no FFmpeg is', async () => {
    await withItem('sound.mp3', null, async (kept) => assert.equal(await ask(kept), null))
    await withItem(
      'plain.mp4',
      null,
      async (kept) => {
        assert.equal(await ask(kept), null)
        assert.equal(kept.store.byKey(kept.key)?.hasPicture, null)
      },
      null,
    )
  })

  test('drop() deletes what was made of items that are forgotten', async () => {
    await withItem('plain.mp4', null, async (kept) => {
      await ask(kept)
      await kept.shelf.drop([kept.store.byKey(kept.key)?.item.id ?? ''])
      assert.deepEqual(await readdir(join(kept.dir)), [])
    })
  })
}

/** Sides of a JPEG, from its frame header (ITU-T T.81, B.2.2). */
function sizeOf(jpeg: Uint8Array): { width: number; height: number } | null {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  for (let at = 2; at + 9 < jpeg.length; at += 2 + view.getUint16(at + 2))
    if ([0xc0, 0xc1, 0xc2].includes(jpeg[at + 1] ?? 0))
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
  return null
}
