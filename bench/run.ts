import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { dvbFigures } from './dvb.ts'
import { edgeFigures } from './edge.ts'
import { fuzzFigures } from './fuzz.ts'
import { guideFigures } from './guide.ts'
import { hdhrFigures } from './hdhr.ts'
import { hlsFigures } from './hls.ts'
import { leaseFigures } from './leases.ts'
import { linearHourFigures } from './linear-hour.ts'
import { linearSeamFigures } from './linear-seams.ts'
import { linearPlanFigures } from './linear-plan.ts'
import { libraryFigures } from './library.ts'
import { lineupFigures } from './lineup.ts'
import { m3uFigures } from './m3u.ts'
import type { Figure } from './measure.ts'
import { memoryFigures } from './memory.ts'
import { playlistFigures } from './playlist.ts'
import { relayFigures } from './relay.ts'
import { sidecarFigures } from './sidecar.ts'
import { soakFigures } from './soak.ts'
import { splicerFigures } from './splicer.ts'
import { switchFigures } from './switch.ts'
import { uiFigures } from './ui.ts'
import { xtreamFigures } from './xtream.ts'

const RESULTS = fileURLToPath(new URL('results', import.meta.url))

/** The benchmarks by name; `npm run bench -- NAME…` runs some of them. */
const BENCHES: Readonly<Record<string, () => Promise<Figure[]>>> = {
  splicer: splicerFigures,
  relay: relayFigures,
  switch: switchFigures,
  hls: hlsFigures,
  dvb: dvbFigures,
  memory: memoryFigures,
  sidecar: sidecarFigures,
  lineup: lineupFigures,
  seams: linearSeamFigures,
  library: libraryFigures,
  leases: leaseFigures,
  guide: guideFigures,
  m3u: m3uFigures,
  linear: linearPlanFigures,
  playlist: playlistFigures,
  xtream: xtreamFigures,
  hdhr: hdhrFigures,
  edge: edgeFigures,
  ui: uiFigures,
  fuzz: fuzzFigures,
  soak: soakFigures,
  'linear-hour': linearHourFigures,
}

/** They take many minutes: only when they are asked for. */
const LONG: ReadonlySet<string> = new Set(['fuzz', 'soak', 'linear-hour'])

const print = ({ name, value, unit, aim, method, skipped }: Figure): string => {
  const shown =
    value === null ? `skipped: ${skipped ?? 'no reason given'}` : `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`
  return `${name.padEnd(44)} ${shown.padEnd(24)} aim ${aim.padEnd(10)} ${method}`
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown[0]}"; there are ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}
const figures: Figure[] = []
for (const [name, run] of Object.entries(BENCHES)) {
  if (asked.length > 0 ? !asked.includes(name) : LONG.has(name)) continue
  // One that breaks must not take the figures of the others with it.
  const found = await run().catch((error: unknown): Figure[] => [
    {
      name,
      value: null,
      unit: '',
      aim: '-',
      method: '',
      skipped: error instanceof Error ? error.message : String(error),
    },
  ])
  for (const figure of found) console.log(print(figure))
  figures.push(...found)
}
mkdirSync(RESULTS, { recursive: true })
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`
writeFileSync(
  `${RESULTS}/latest.json`,
  `${JSON.stringify({ at: new Date().toISOString(), machine, figures }, null, 2)}\n`,
)
process.exit(0)
