/** The corner of the small window. */
export type Corner = 'left' | 'right'

const CORNER_KEY = 'downlink.small.corner'
const ON_KEY = 'downlink.small.on'

/** Whether a picture goes on in a small window, as chosen on this device; it does unless somebody said no. */
export const storedSmall = (storage: Pick<Storage, 'getItem'>): boolean => storage.getItem(ON_KEY) !== 'no'

/** Remembers it. */
export const storeSmall = (on: boolean, storage: Pick<Storage, 'setItem'>): void =>
  storage.setItem(ON_KEY, on ? 'yes' : 'no')

/** The corner of the small window, as chosen on this device. */
export const storedCorner = (storage: Pick<Storage, 'getItem'>): Corner =>
  storage.getItem(CORNER_KEY) === 'left' ? 'left' : 'right'

/** Remembers the corner. */
export const storeCorner = (corner: Corner, storage: Pick<Storage, 'setItem'>): void =>
  storage.setItem(CORNER_KEY, corner)
