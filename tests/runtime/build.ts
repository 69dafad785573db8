import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launcherOf } from './program.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Builds what `npm run build:{what}` builds, into `outfile` (absolute). Fails with what the build printed. */
export async function runBuild(what: 'binary' | 'worker' | 'deploy', outfile: string): Promise<void> {
  const { command } = launcherOf('node')
  const child = spawn(command, [join(ROOT, `runtime/build/${what}.ts`), '--outfile', outfile], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`The build of "${what}" ended with exit code ${String(code)}:\n${printed}`)
}
