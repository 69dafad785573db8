import { createInterface } from 'node:readline'
import { UsageError } from './usage-error.ts'

/**
 * The first line of the standard input. A secret is never a word of the command line: others on the machine could see it
 * there. `option` is named when there is no line.
 */
export async function readFirstLine(option: string): Promise<string> {
  const lines = createInterface({ input: process.stdin })
  for await (const line of lines) return line
  throw new UsageError(`Option ${option} needs a first line on the standard input`)
}
