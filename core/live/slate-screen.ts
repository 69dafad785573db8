import type { Program } from './program.ts'
import { FIRST_FORMAT, slateFormat } from './slate.ts'
import type { SlateFormat, SlateKind, SlateLoop, SlateMaker } from './slate.ts'
import { SlatePlayer } from './slate-player.ts'
import type { Splicer } from './splicer.ts'
import type { VideoFacts } from './codec-strings.ts'

/** What a screen needs. */
export type SlateScreenPorts = {
  readonly slates: SlateMaker
  readonly splicer: Pick<Splicer, 'program' | 'nextUpstream' | 'push'>
  /** Size and rate of the picture that was on last; null: not known. */
  readonly picture: (program: Program) => VideoFacts | null
  readonly now: () => number
  readonly signal: AbortSignal
}

/** The programme of a channel that has had none yet. */
const FIRST_PROGRAM: Program = {
  programNumber: 1,
  version: 0,
  pmtPid: 0x1000,
  pcrPid: 0x100,
  streams: [
    { pid: 0x100, kind: 'video', codec: 'h264', streamType: 0x1b, language: null, descriptors: new Uint8Array(0) },
    { pid: 0x101, kind: 'audio', codec: 'aac', streamType: 0x0f, language: null, descriptors: new Uint8Array(0) },
  ],
}

/** The slate of one relay: in the place of an upstream while there is none, in the format of the one before. */
export class SlateScreen {
  readonly #ports: SlateScreenPorts
  /** By text: the loop of the format at hand. */
  readonly #loops = new Map<SlateKind, SlateLoop>()
  #format: SlateFormat | null = null
  #shown: { readonly kind: SlateKind; readonly player: SlatePlayer } | null = null

  constructor(ports: SlateScreenPorts) {
    this.#ports = ports
  }

  /** A slate is in the picture. */
  get isOn(): boolean {
    return this.#shown !== null
  }

  /** What the slate in the picture says; null: none is. */
  get kind(): SlateKind | null {
    return this.#shown?.kind ?? null
  }

  /** Has the slate made that may be needed, in the format of what plays now. */
  prepare(): void {
    void this.ready('switching')
  }

  /** Whether there is such a slate in the format of what plays now; false: it cannot be made here. */
  async ready(kind: SlateKind): Promise<boolean> {
    const { slates, splicer, picture, signal } = this.#ports
    const { program } = splicer
    const format = program === null ? FIRST_FORMAT : slateFormat(program, picture(program))
    if (JSON.stringify(format) !== JSON.stringify(this.#format)) this.#loops.clear()
    this.#format = format
    if (this.#loops.has(kind)) return true
    const loop = await slates.slate(kind, format, signal).catch(() => null)
    if (loop === null || this.#format !== format) return false
    this.#loops.set(kind, loop)
    return true
  }

  /** Puts the slate into the picture; at once if it is there, else when it is made and is still wanted. */
  show(kind: SlateKind): void {
    if (this.#shown?.kind === kind) return
    const loop = this.#loops.get(kind)
    if (loop === undefined) {
      if (this.#shown !== null) void this.ready(kind).then((isThere) => isThere && this.isOn && this.show(kind))
      return
    }
    const { splicer, now } = this.#ports
    const program = splicer.program ?? FIRST_PROGRAM
    this.#shown = { kind, player: new SlatePlayer(loop, program, now()) }
    splicer.nextUpstream(program.programNumber, { isOtherClock: true })
    this.play()
  }

  /** Makes room for an upstream. */
  hide(): void {
    this.#shown = null
  }

  /** Sends what is due; to be called every 20 ms. */
  play(): void {
    if (this.#shown === null) return
    const packets = this.#shown.player.due(this.#ports.now())
    if (packets.length > 0) this.#ports.splicer.push(packets)
  }
}
