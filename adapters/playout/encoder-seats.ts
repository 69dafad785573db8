/** How many channels of this house may encode at once. */
export interface EncoderSeats {
  /** Takes a seat; gives the way to leave it (idempotent). Null: all are taken. */
  take(): (() => void) | null
  /** Seats that are taken. */
  readonly taken: number
}

/** `total`: a function, because the owner may change it; null: no limit. */
export function createEncoderSeats(total: () => number | null): EncoderSeats {
  let taken = 0
  return {
    take() {
      const most = total()
      if (most !== null && taken >= most) return null
      taken += 1
      let isTaken = true
      return () => {
        if (isTaken) taken -= 1
        isTaken = false
      }
    },
    get taken() {
      return taken
    },
  }
}
