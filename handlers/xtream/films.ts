import { Hono } from 'hono'
import type { Context } from 'hono'
import { Failure } from '../../core/errors.ts'
import { vodLines } from '../../core/lineup/m3u-vod-write.ts'
import { playableItem } from '../../core/lineup/vod-numbers.ts'
import type { NumberedKind } from '../../core/lineup/vod-numbers.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { viewOf } from '../seen-lineup.ts'
import { answerFile, posterPath, splitName } from '../vod.ts'
import { jsonAnswer, listAnswer } from './answers.ts'
import { categoryOf, numberOf } from './call.ts'
import type { XtreamCall, XtreamFilms } from './house.ts'
import { NO_FILM, NO_SERIES } from './nothing.ts'
import { createVodLibrary } from './vod-library.ts'
import type { VodLibrary } from './vod-library.ts'
import { filmInfo, filmRow, seriesInfo, seriesRow } from './vod-rows.ts'

/** A film's or an episode's number, with the kind of file that the player believes in. */
const VOD_FILE = '{\\d{1,10}(?:\\.\\w{1,5})?}'

/** Films and series of a house for Xtream clients, or of the house behind a front; null: there are none. */
export function createXtreamFilms(gateway: Pick<Gateway, 'vod' | 'vodNumbers' | 'seats' | 'log'>): XtreamFilms | null {
  const { vod, vodNumbers: numbers, seats, log } = gateway
  if (vod === null || numbers === null) return null
  const libraryOf = ({ caller }: Pick<XtreamCall, 'caller'>): VodLibrary =>
    createVodLibrary({ vod: vod.seenBy(viewOf(caller)), numbers, log })
  const signalOf = ({ c }: XtreamCall): AbortSignal => c.req.raw.signal

  const play = async (c: Context<Env>, kind: NumberedKind): Promise<Response> => {
    const { name, container } = splitName(c.req.param('file') ?? '')
    const found = await numbers.find(Number(name))
    const item = found?.kind === kind ? playableItem(found) : null
    if (found === null || item === null) throw new Failure('vod/unknown-item', 'No film or episode has this number')
    return answerFile(c, { vod, ...(seats !== undefined && { seats }) }, { sourceId: found.sourceId, item, container })
  }

  return {
    actions: {
      get_vod_categories: async (call) => jsonAnswer(await libraryOf(call).categories('film', signalOf(call))),
      get_vod_streams: (call) => listAnswer(call, filmRows(libraryOf(call), call, categoryOf(call))),
      async get_vod_info(call) {
        const film = await libraryOf(call).film(numberOf(call.parameters, 'vod_id'), signalOf(call))
        return jsonAnswer(film === null ? NO_FILM : filmInfo(film, call.root))
      },
      get_series_categories: async (call) => jsonAnswer(await libraryOf(call).categories('series', signalOf(call))),
      get_series: (call) => listAnswer(call, seriesRows(libraryOf(call), call)),
      async get_series_info(call) {
        const series = await libraryOf(call).series(numberOf(call.parameters, 'series_id'), signalOf(call))
        return jsonAnswer(series === null ? NO_SERIES : seriesInfo(series, call.root))
      },
    },
    categories: (call, kind) => libraryOf(call).categories(kind, signalOf(call)),
    rows: (call) => filmRows(libraryOf(call), call, null),
    entries: (call, urlOf) => playlistEntries(libraryOf(call), call, urlOf),
    routes(enter) {
      const app = new Hono<Env>()
      for (const { path, kind } of [
        { path: 'movie', kind: 'film' },
        { path: 'series', kind: 'episode' },
      ] as const)
        app.get(`/${path}/:user/:password/:file${VOD_FILE}`, async (c) => {
          await enter(c)
          return play(c, kind)
        })
      return app
    },
  }
}

async function* filmRows(library: VodLibrary, { c, root }: XtreamCall, category: string | null) {
  let num = 0
  for await (const film of library.entries('film', category, c.req.raw.signal)) yield filmRow(film, root, ++num)
}

async function* seriesRows(library: VodLibrary, call: XtreamCall) {
  let num = 0
  for await (const series of library.entries('series', categoryOf(call), call.c.req.raw.signal))
    yield seriesRow(series, call.root, ++num)
}

async function* playlistEntries(
  library: VodLibrary,
  { c, root }: XtreamCall,
  urlOf: (file: string) => string,
): AsyncGenerator<string, void, undefined> {
  const { signal } = c.req.raw
  const categories = await library.categories('film', signal)
  const names = new Map(categories.map((row) => [row.category_id, row.category_name]))
  for await (const { entry, number, categories: ids, shelf } of library.entries('film', null, signal))
    yield vodLines(entry, {
      url: urlOf(`${number}.${entry.container ?? 'mp4'}`),
      posterUrl: entry.hasPoster ? root + posterPath(shelf.id, entry) : null,
      group: names.get(String(ids[0])) ?? null,
    })
}
