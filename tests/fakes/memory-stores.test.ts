import { testGuideStore } from '../conformance/guide-store.ts'
import { testLineupStore } from '../conformance/lineup-store.ts'
import { testVodNumbers } from '../conformance/vod-numbers.ts'
import { createMemoryGuideStore } from './memory-guide-store.ts'
import { createMemoryLineupStore } from './memory-lineup-store.ts'
import { createMemoryVodNumbers } from './memory-vod-numbers.ts'

testLineupStore('memory', async () => {
  const store = createMemoryLineupStore()
  return { store, reopen: async () => store, async [Symbol.asyncDispose]() {} }
})

testGuideStore('memory', async () => ({ store: createMemoryGuideStore(), async [Symbol.asyncDispose]() {} }))

testVodNumbers('memory', async () => {
  const numbers = createMemoryVodNumbers()
  return { numbers, reopen: async () => numbers, async [Symbol.asyncDispose]() {} }
})
