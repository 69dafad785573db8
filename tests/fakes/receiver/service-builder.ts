import type { Genre, GuideManner, Service, Transponder } from './model.ts'
import { printServiceReference } from './service-reference.ts'
import type { Recipe } from './recipe.ts'

/** What must be said of a service; the rest follows from the codecs. */
export type ServiceSketch = {
  readonly name: string
  readonly sid: number
  readonly transponder: Transponder
  readonly recipe: Recipe
  readonly genre?: Genre
  readonly provider?: string
  readonly serviceType?: number
  readonly encrypted?: boolean
  readonly relayed?: boolean
  readonly guide?: GuideManner
  readonly picon?: Service['picon']
  readonly teletext?: boolean
  readonly subtitle?: boolean
}

/** Fills in reference, service type and PIDs (spread over the PID space by `sid`, so that services do not share any). */
export function buildService(sketch: ServiceSketch): Service {
  const { recipe, transponder, sid } = sketch
  const serviceType = sketch.serviceType ?? typeOf(recipe)
  const base = 0x100 + (sid % 0x180) * 16
  const video = recipe.video ? base + 1 : null
  const audio = recipe.audio.map((_, index) => base + 2 + index)
  return {
    ref: printServiceReference({
      serviceType,
      sid,
      tsid: transponder.tsid,
      onid: transponder.onid,
      namespace: transponder.namespace,
    }),
    name: sketch.name,
    provider: sketch.provider ?? 'Alpin Medien',
    serviceType,
    sid,
    transponder,
    pids: {
      pmt: base,
      pcr: video ?? base + 2,
      video,
      audio,
      teletext: sketch.teletext ? base + 10 : null,
      subtitle: sketch.subtitle ? base + 11 : null,
    },
    recipe,
    encrypted: sketch.encrypted ?? false,
    relayed: sketch.relayed ?? false,
    guide: sketch.guide ?? 'plain',
    genre: sketch.genre ?? (recipe.video ? 'general' : 'radio'),
    picon: sketch.picon ?? 'reference',
  }
}

function typeOf(recipe: Recipe): number {
  switch (recipe.video?.codec) {
    case undefined:
      return 0x02
    case 'mpeg2':
      return 0x01
    case 'hevc':
      return 0x1f
    default:
      return 0x19
  }
}
