import { Failure } from '../../../core/errors.ts'
import type { VodFile, VodRequest } from '../../../core/lineup/vod.ts'
import type { BoxSession } from './box-session.ts'
import { createFileOpener } from './file-opener.ts'
import type { FileOpenerOptions } from './file-opener.ts'
import { readPage } from './rows.ts'
import { vodLinkQuery } from './vod-queries.ts'
import { bestFile } from './vod-walk.ts'
import type { Recipe } from './vod-walk.ts'

/** What the opening of films needs. */
export type VodOpenerOptions = FileOpenerOptions & {
  /** What plays an item. Fails with `vod/unknown-item`. */
  readonly recipeOf: (item: VodRequest['item'], signal: AbortSignal) => Promise<Recipe>
}

/** Opens films and episodes of one portal. */
export function createVodOpener(options: VodOpenerOptions): (request: VodRequest) => Promise<VodFile> {
  const openFile = createFileOpener(options)

  const commandOf = async (recipe: Recipe, box: BoxSession, signal: AbortSignal): Promise<string> => {
    if (recipe.kind === 'command') return recipe.command
    const { js } = await box.ask(recipe.query, { urgency: 'play', signal })
    const command = bestFile(readPage(js)?.rows ?? [])
    if (command === '') throw new Failure('vod/unknown-item', 'The portal has no file for this')
    return command
  }

  return async ({ item, range, signal: wanted }) => {
    const signal = AbortSignal.any([wanted, options.closing])
    signal.throwIfAborted()
    const recipe = await options.recipeOf(item, signal)
    return openFile({
      playing: 'film',
      name: 'the film',
      async query(box, until) {
        const command = await commandOf(recipe, box, until)
        return vodLinkQuery(command, recipe.kind === 'command' ? recipe.ordinal : null)
      },
      canPlay: () => true,
      range,
      signal,
    })
  }
}
