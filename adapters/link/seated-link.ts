import type { HeldSeat, SeatDesk } from '../../core/access/seats.ts'
import { Failure } from '../../core/errors.ts'
import type { LiveLink, TsAnswer, TsRequest } from '../../core/live/link.ts'
import type { ByteSink } from '../../core/live/hub.ts'
import { heldFile } from '../../core/lineup/held-file.ts'

/**
 * The same link, where everybody with a limit (`maxStreams`) needs a seat first: one for each connection of raw TS, one for
 * each channel of HLS on a device, one for each file. `newId` names seats.
 *
 * Fails with `access/too-many-streams` before anything is opened.
 */
export function withSeats(link: LiveLink, seats: SeatDesk, newId: () => string): LiveLink {
  return {
    async ts(request) {
      let end = (): void => {}
      const seat = await seats.take(request.caller, { id: `ts/${newId()}`, subject: request.channel.id }, () => end())
      if (seat === null) return link.ts(request)
      try {
        return seated(await link.ts(request), request, { seat, onLost: (work) => void (end = work) })
      } catch (error) {
        seat.leave()
        throw error
      }
    },
    async hls(request) {
      const { caller, channel, path, leaves = false } = request
      if (leaves) await seats.leave(caller, channel.id)
      else await seats.visit(caller, { subject: channel.id, begins: path === '' })
      return link.hls(request)
    },
  }
}

type Seating = { readonly seat: HeldSeat; readonly onLost: (work: () => void) => void }

/** The answer, that gives its seat free when it is over and ends when the seat is lost. */
function seated(answer: TsAnswer, { signal }: TsRequest, { seat, onLost }: Seating): TsAnswer {
  switch (answer.kind) {
    case 'file': {
      const file = heldFile(answer.file, () => seat.leave())
      onLost(() => void file.close())
      return { kind: 'file', file }
    }
    case 'relay':
      return {
        kind: 'relay',
        async join(sink) {
          let body: ByteSink | null = null
          const open = (): ByteSink => {
            body = leaving(sink(), seat)
            return body
          }
          try {
            const joined = await answer.join(open)
            onLost(() => {
              joined.leave()
              body?.close(
                new Failure('access/too-many-streams', 'This device has begun another stream in place of this one'),
              )
            })
            return {
              drained: () => joined.drained(),
              leave() {
                seat.leave()
                joined.leave()
              },
            }
          } catch (error) {
            seat.leave()
            throw error
          } finally {
            if (signal.aborted) seat.leave()
          }
        },
      }
    case 'redirect':
    case 'response':
      seat.leave()
      return answer
  }
}

/** The same sink; the seat is free when the relay closes it. */
const leaving = (sink: ByteSink, seat: HeldSeat): ByteSink => ({
  write: (bytes) => sink.write(bytes),
  close(failure) {
    seat.leave()
    sink.close(failure)
  },
})
