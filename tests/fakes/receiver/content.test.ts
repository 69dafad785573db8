import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { clipArguments } from './clip-arguments.ts'
import { readClip } from './clip.ts'
import { createClipStore, recipeHash } from './content.ts'
import { eventually } from './raw-client.ts'
import { codecSets, testClips } from './recipe.ts'
import type { Recipe } from './recipe.ts'
import { findFfmpeg, skipWithoutFfmpeg } from './test-setting.ts'

const skip = skipWithoutFfmpeg()

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'receiver-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('file() makes a clip once, whole, under the hash of its recipe', { skip }, async () => {
  await inFolder(async (folder) => {
    const events: string[] = []
    const log = (event: string): void => void events.push(event)
    await using store = createClipStore({ ffmpegPath: findFfmpeg() ?? 'ffmpeg', cacheDir: folder, log })
    const wanted = await Promise.all([1, 2, 3].map(() => store.file(testClips.radio)))
    assert.deepEqual(events, ['clip made'])
    assert.deepEqual(await readdir(folder), [`${recipeHash(testClips.radio)}.ts`])
    const clip = readClip(wanted[0] ?? new Uint8Array(), testClips.radio)
    assert.equal(clip.audio[0]?.length, 160) // 3.84 s of 24 ms
  })
})

function named(label: string): Recipe {
  return { ...testClips.radio, label }
}

test('file() overtakes clips that are only prepared', { skip }, async () => {
  await inFolder(async (folder) => {
    const made: unknown[] = []
    const log = (_: string, details: Record<string, unknown>): void => void made.push(details['label'])
    await using store = createClipStore({ ffmpegPath: findFfmpeg() ?? 'ffmpeg', cacheDir: folder, log })
    store.prepare(['first', 'second', 'third'].map(named))
    await store.file(named('third'))
    assert.deepEqual(made, ['first', 'third'])
  })
})

test('file() rejects, and tries again, when FFmpeg cannot be run', async () => {
  await inFolder(async (folder) => {
    await using store = createClipStore({ ffmpegPath: join(folder, 'nothing'), cacheDir: folder })
    await assert.rejects(store.file(testClips.radio), /Cannot run/)
    await assert.rejects(store.file(testClips.radio), /Cannot run/)
    assert.deepEqual(await readdir(folder), [])
  })
})

test('disposing a store kills the FFmpeg that runs and leaves no half file', { skip }, async () => {
  await inFolder(async (folder) => {
    const store = createClipStore({ ffmpegPath: findFfmpeg() ?? 'ffmpeg', cacheDir: folder })
    const long = store.file({ ...codecSets.hd('Lang', 400), units: 400 })
    const rejected = assert.rejects(long)
    await eventually(() => readdirSync(folder).some((name) => name.endsWith('.part')), 'FFmpeg writes')
    await store[Symbol.asyncDispose]()
    await rejected
    assert.deepEqual(await readdir(folder), [])
  })
})

test('clipArguments() lets nothing of a name become part of a filter', () => {
  const recipe = codecSets.hd("A'; [x] %{pts}:fontsize=99, \\ Ö 1", 400)
  const filter = clipArguments(recipe, '/font.ttf', 'out.ts').find((one) => one.includes('drawtext')) ?? ''
  assert.match(filter, /text=A x ptsfontsize99 {2}Ö 1:fontsize=40:/)
})
