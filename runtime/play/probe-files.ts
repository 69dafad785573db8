import { basename, dirname } from 'node:path'
import type { MediaProbe } from '../../adapters/library/probe/media-probe.ts'
import { wordsOfPath } from '../../core/library/names/words-of-path.ts'
import { UsageError } from '../usage-error.ts'
import type { PlayedFile } from './file-line.ts'

/** Looks into files. Fails with `UsageError`, naming the first one that cannot be shown, and why. */
export async function probeFiles(
  paths: readonly string[],
  probe: MediaProbe,
  signal: AbortSignal,
): Promise<readonly PlayedFile[]> {
  const files: PlayedFile[] = []
  for (const path of paths) {
    const result = await probe.probe(path, signal)
    if (result.kind === 'problem') throw new UsageError(`Cannot play "${basename(path)}": ${result.reason}`)
    files.push({ path, facts: result.facts, loudness: null, title: titleOf(path) })
  }
  return files
}

function titleOf(path: string): string {
  const { series, season, episode, title } = wordsOfPath(`${basename(dirname(path))}/${basename(path)}`)
  if (series === null) return title
  return `${series} ${season === null ? '' : `${season}×`}${episode ?? ''} ${title === series ? '' : title}`.trim()
}
