import { spawn } from 'node:child_process'
import * as v from 'valibot'
import { ROOT } from './source-files.ts'

/** What the registry says of the packages that are part of the program. */
export type Advisories =
  | { readonly kind: 'known'; readonly packages: readonly string[] }
  | { readonly kind: 'not-asked'; readonly why: string }

/** Levels of npm at which a release has to wait; below it a weakness is news, not a reason to stop. */
const GRAVE = new Set(['high', 'critical'])
/** A registry that cannot be reached must not hold up the check. */
const ANSWER_WITHIN_MS = 60_000

const Report = v.object({
  vulnerabilities: v.record(v.string(), v.object({ severity: v.string(), range: v.optional(v.string(), '') })),
})
const Refusal = v.object({ message: v.string() })

/** Reads what `npm audit --json` prints: packages with grave weaknesses, or why there is no answer. */
export function readAdvisories(printed: string): Advisories {
  let document: unknown
  try {
    document = JSON.parse(printed)
  } catch {
    return { kind: 'not-asked', why: 'npm gave no answer' }
  }
  const report = v.safeParse(Report, document)
  if (report.success) {
    const grave = Object.entries(report.output.vulnerabilities).filter(([, { severity }]) => GRAVE.has(severity))
    return { kind: 'known', packages: grave.map(([name, { severity, range }]) => `${name} ${range}: ${severity}`) }
  }
  const refusal = v.safeParse(Refusal, document)
  // The address of the registry is nobody's business in a log.
  const why = refusal.success ? refusal.output.message.replace(/\S+:\/\/\S+/g, 'the registry') : 'npm gave no report'
  return { kind: 'not-asked', why }
}

/** Asks the registry about the packages that are installed for users (those of the development are not in what we give out). */
export async function askAdvisories(): Promise<Advisories> {
  const npm = spawn('npm', ['audit', '--omit=dev', '--json', '--fetch-retries=0'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: ANSWER_WITHIN_MS,
  })
  npm.stdout.setEncoding('utf8')
  let printed = ''
  npm.stdout.on('data', (text: string) => {
    printed += text
  })
  return new Promise((resolve) => {
    npm.on('error', () => resolve({ kind: 'not-asked', why: 'npm is not on this machine' }))
    npm.on('close', () => resolve(readAdvisories(printed)))
  })
}
