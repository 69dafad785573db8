import { Failure } from '../../../core/errors.ts'
import type { UpstreamSink } from '../../../core/live/upstream.ts'
import type { Station } from '../../linear/station.ts'
import type { StationChange } from '../../linear/stations.ts'

/** What runs of the channels of one library. */
export interface OnAir {
  /** The sink for the line of a station: an edit that the line cannot follow ends it, so that it is opened anew. */
  sinkOf(station: Station, sink: UpstreamSink): { readonly sink: UpstreamSink; readonly leave: () => void }
  /** What became of a channel. */
  changed(change: StationChange, station: Station | null): void
  /** Ends all of them. */
  end(failure: Failure): void
}

type Line = { readonly station: Station; readonly made: string; readonly sink: UpstreamSink }

/** Keeps the lines that are open. */
export function createOnAir(): OnAir {
  const lines = new Set<Line>()
  const end = (line: Line, failure: Failure): void => {
    if (lines.delete(line)) line.sink.end(failure)
  }
  return {
    sinkOf(station, sink) {
      const line: Line = { station, made: formOf(station), sink }
      lines.add(line)
      return {
        sink: { data: (chunk) => sink.data(chunk), end: (failure) => end(line, failure) },
        leave: () => void lines.delete(line),
      }
    },
    changed({ id, kind }, station) {
      for (const line of lines) {
        if (line.station.doc.id !== id) continue
        if (kind === 'gone') end(line, new Failure('live/ended', `The channel "${id}" was removed`))
        else if (station !== null && formOf(station) !== line.made)
          end(line, new Failure('live/switched', `The channel "${id}" has another format or looks now`))
      }
    },
    end(failure) {
      for (const line of lines) end(line, failure)
    },
  }
}

/** What a line is made with; what is planned it follows by itself. */
const formOf = ({ doc: { house, looks } }: Station): string => JSON.stringify([house, looks])
