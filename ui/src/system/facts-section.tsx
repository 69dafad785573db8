import { formatBytes, formatSpan } from '../text/format.ts'
import type { SystemAnswer } from './answers.ts'
import { words } from './words.ts'

/** Versions, machine and FFmpeg. */
export function FactsSection({ system }: { system: SystemAnswer }) {
  const { versions, ffmpeg, platform, process, addresses, role } = system
  const facts: readonly (readonly [string, string])[] = [
    ['downlink', versions.downlink],
    [words().runtime, versions.runtime],
    ['SQLite', versions.sqlite],
    [
      'FFmpeg',
      ffmpeg.version === null
        ? words().noFfmpeg
        : `${ffmpeg.version}${ffmpeg.origin === null ? '' : ` (${ffmpeg.origin})`}`,
    ],
    [words().encoder, ffmpeg.encoder ?? words().none],
    [words().encoders, ffmpeg.encoders.length === 0 ? words().none : ffmpeg.encoders.join(', ')],
    [
      words().machine,
      words().onMachine(platform.system, platform.architecture, platform.cores, formatBytes(platform.memory)),
    ],
    [words().memory, formatBytes(process.memory)],
    [words().uptime, formatSpan(process.uptimeSeconds)],
    [words().role, role],
    [words().addresses, addresses.join(', ')],
  ]
  return (
    <section class="system-part" aria-labelledby="facts">
      <h2 id="facts">{words().facts}</h2>
      <dl class="system-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
