import { createLiveLoop } from '../panel/live-loop.ts'
import type { LiveLoop } from '../panel/live-loop.ts'
import { joinBytes } from '../receiver/bytes.ts'
import { readClip } from '../receiver/clip.ts'
import type { ClipStore } from '../receiver/content.ts'
import { demoTransponders } from '../receiver/demo-model.ts'
import { muxLoop } from '../receiver/loop.ts'
import type { Service } from '../receiver/model.ts'
import { codecSets } from '../receiver/recipe.ts'
import type { Recipe } from '../receiver/recipe.ts'
import { buildService } from '../receiver/service-builder.ts'
import { PAT_PID, patSection, pmtSection, pmtStreams } from '../receiver/si.ts'
import { PACKET_SIZE, sectionPackets } from '../receiver/ts-writer.ts'

/** Moving pictures with the name of their channel, for providers whose channels are only names. */
export interface Television {
  /** The endless stream of a channel; made by FFmpeg the first time. */
  loop(name: string): Promise<LiveLoop>
  /** Hands chunks to `take` as a broadcast does, the same moment for everybody, until the answer is called. */
  air(name: string, take: (chunk: Uint8Array) => void): () => void
  /** Makes the pictures of these channels in the background. */
  prepare(names: readonly string[]): void
}

const TICK_MS = 40
/** Sent at once when somebody comes. */
const BURST_MS = 2000
const TABLES_EVERY = 90 * 80 // ticks; DVB asks for a PAT every 100 ms (ETSI TR 101 290, 5.2.1)
const ROUND_UNITS = 4

/** Makes television out of a store of clips. `now` is in epoch milliseconds; `recipeOf` tells what a channel shows. */
export function createTelevision({
  clips,
  now = Date.now,
  recipeOf = ownRecipe,
}: {
  readonly clips: ClipStore
  readonly now?: () => number
  readonly recipeOf?: (name: string) => Recipe
}): Television {
  const loops = new Map<string, Promise<LiveLoop>>()
  const load = async (name: string): Promise<LiveLoop> => {
    const recipe = recipeOf(name)
    return roundOf(recipe, await clips.file(recipe))
  }
  const loop = (name: string): Promise<LiveLoop> => {
    const known = loops.get(name)
    if (known !== undefined) return known
    const loading = load(name)
    loops.set(name, loading)
    loading.catch(() => loops.delete(name)) // the next viewer tries again
    return loading
  }
  return {
    loop,
    prepare: (names) => clips.prepare(names.map(recipeOf)),
    air(name, take) {
      let timer: ReturnType<typeof setInterval> | null = null
      let isOver = false
      const start = (round: LiveLoop): void => {
        if (isOver) return
        let sent = round.bytesAt(now() - BURST_MS)
        const tick = (): void => {
          const until = round.bytesAt(now())
          if (until > sent) take(round.read(sent, until))
          sent = Math.max(sent, until)
        }
        timer = setInterval(tick, TICK_MS)
        tick()
      }
      loop(name).then(start, () => {}) // without a picture the channel is silent, as one that is off the air
      return () => {
        isOver = true
        if (timer !== null) clearInterval(timer)
      }
    },
  }
}

/** Every channel has its own tone and colour; channels called HD have what public HD channels have. */
function ownRecipe(name: string): Recipe {
  const turn = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997, 0)
  const set = / HD\b/.test(name) ? codecSets.hd : codecSets.aac
  return { ...set(name, 300 + 50 * (turn % 12), turn % 360), units: ROUND_UNITS }
}

/** One round of a clip with its tables: sent again and again it has no seam. */
function roundOf(recipe: Recipe, file: Uint8Array): LiveLoop {
  const service = buildService({ name: recipe.label, sid: 1, transponder: demoTransponders.first, recipe })
  const mux = muxLoop(readClip(file, recipe), service.pids)
  const tables = tablesOf(service)
  const pieces: Uint8Array[] = []
  let tablesAt = 0
  for (let index = 0; index < mux.count; index++) {
    if ((mux.at[index] ?? 0) >= tablesAt) {
      pieces.push(tables)
      tablesAt += TABLES_EVERY
    }
    const packet = new Uint8Array(PACKET_SIZE)
    mux.write(index, 0, 0, packet, 0)
    pieces.push(packet)
  }
  return createLiveLoop(joinBytes(pieces), mux.durationTicks)
}

const tablesOf = (service: Service): Uint8Array =>
  joinBytes([
    sectionPackets(PAT_PID, patSection(service.transponder.tsid, [service]), { next: 0 }),
    sectionPackets(service.pids.pmt, pmtSection(service, 1, service.pids.pcr, pmtStreams(service)), { next: 0 }),
  ])
