import { testGuideStore } from '../../conformance/guide-store.ts'
import { testLineupStore } from '../../conformance/lineup-store.ts'
import { testVodNumbers } from '../../conformance/vod-numbers.ts'
import { makeDataFolder } from './data-folder.ts'

testLineupStore('sqlite', async () => {
  const folder = await makeDataFolder()
  const { lineup } = await folder.open()
  return {
    store: lineup,
    reopen: async () => (await folder.open()).lineup,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
})

testGuideStore('sqlite', async () => {
  const folder = await makeDataFolder()
  const { guide } = await folder.open()
  return { store: guide, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
})

testVodNumbers('sqlite', async () => {
  const folder = await makeDataFolder()
  const { vodNumbers } = await folder.open()
  return {
    numbers: vodNumbers,
    reopen: async () => (await folder.open()).vodNumbers,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
})
