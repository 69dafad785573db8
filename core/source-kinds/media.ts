import * as v from 'valibot'

const FOLDER = 'the path of a folder on this machine, like "/srv/films"'

/**
 * What a form asks for of a source of kind `media`, beside the keys that every source has (contract §2): a folder of films,
 * series, adverts and idents. The channels that are made of it have a page of their own.
 */
export const mediaFolderSchema = v.strictObject({
  /** The folder with everything below it. A relative one is below the working directory. */
  path: v.pipe(v.string(FOLDER), v.trim(), v.nonEmpty(FOLDER)),
})
