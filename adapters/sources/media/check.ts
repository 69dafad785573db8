import { readdir } from 'node:fs/promises'
import { Failure } from '../../../core/errors.ts'
import type { SourceCheck } from '../../../core/lineup/source-check.ts'

/** Whether the folder is there: its uppermost level is read, and nothing of what is in files. */
export const checkFolder = (path: string): SourceCheck => ({
  asks: 'folder',
  takesUserAgent: false,
  async ask({ signal }) {
    signal.throwIfAborted()
    const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
      throw new Failure(
        'source/unreachable',
        'The folder is not there, or this program may not read it: is the disk or share connected?',
        {},
        cause,
      )
    })
    return {
      files: entries.filter((entry) => entry.isFile()).length,
      folders: entries.filter((entry) => entry.isDirectory()).length,
    }
  },
})
