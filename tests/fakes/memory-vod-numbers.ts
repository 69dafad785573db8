import { FIRST_VOD_NUMBER } from '../../core/lineup/vod-numbers.ts'
import type { Numbered, VodNumbers } from '../../core/lineup/vod-numbers.ts'

/** Numbers of films and series in memory: the port's second implementation. */
export function createMemoryVodNumbers(): VodNumbers {
  const given: Numbered[] = []
  const byName = new Map<string, number>()
  return {
    async numbersOf(sourceId, kind, items) {
      return items.map((item) => {
        const name = JSON.stringify([sourceId, kind, item])
        const number = byName.get(name) ?? FIRST_VOD_NUMBER + given.push({ sourceId, kind, item })
        byName.set(name, number)
        return number
      })
    },
    find: async (number) => given[number - FIRST_VOD_NUMBER - 1] ?? null,
  }
}
