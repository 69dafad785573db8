import { settleSwap } from '../../adapters/backup/house-swap.ts'
import type { Log } from '../../core/log.ts'
import { makeDataFolder } from '../data-folder.ts'
import type { House } from '../house.ts'

/**
 * Assembles the house of a data folder in which a backup may just have been brought back: the old house is thrown away
 * once the new one accepts connections, and takes its place again if it cannot be assembled.
 */
export async function assembleRestored(
  { dataDir, log }: { readonly dataDir: string; readonly log: Log },
  assemble: () => Promise<House>,
): Promise<House> {
  makeDataFolder(dataDir)
  const settled = settleSwap(dataDir, { isStart: true })
  if (settled.kind === 'undone') log('error', 'restore-undone', { advice: 'The restored house did not start well' })
  if (settled.kind !== 'trial') return assemble()
  try {
    const house = await assemble()
    return {
      ...house,
      async opened(urls, tell) {
        await house.opened(urls, tell)
        settled.confirm()
        log('info', 'restored')
      },
    }
  } catch (error) {
    settled.undo()
    log('error', 'restore-undone', { error })
    return assemble()
  }
}
