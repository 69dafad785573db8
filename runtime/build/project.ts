import { fileURLToPath } from 'node:url'

/** Folder of the project, absolute, with a slash at the end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
