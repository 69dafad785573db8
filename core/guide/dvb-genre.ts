// ETSI EN 300 468, table 28: the upper four bits are the kind, the lower four its flavour.
const KINDS: Readonly<Record<number, readonly string[]>> = {
  1: ['Movie'],
  2: ['News'],
  3: ['Show'],
  4: ['Sports'],
  5: ['Kids', 'Children'],
  6: ['Music'],
  7: ['Arts'],
  8: ['Social'],
  9: ['Education'],
  10: ['Leisure'],
}

const FLAVOURS: Readonly<Record<number, string>> = {
  0x11: 'Thriller',
  0x12: 'Adventure',
  0x13: 'Science fiction',
  0x14: 'Comedy',
  0x15: 'Soap',
  0x16: 'Romance',
  0x17: 'Drama',
  0x18: 'Adult',
  0x21: 'Weather',
  0x22: 'Magazine',
  0x24: 'Discussion',
  0x31: 'Game show',
  0x32: 'Variety',
  0x33: 'Talk show',
  0x41: 'Special event',
  0x42: 'Sports magazine',
  0x43: 'Football',
  0x44: 'Tennis',
  0x45: 'Team sports',
  0x46: 'Athletics',
  0x47: 'Motor sport',
  0x48: 'Water sport',
  0x49: 'Winter sports',
  0x4a: 'Equestrian',
  0x4b: 'Martial sports',
  0x55: 'Cartoons',
  0x61: 'Rock',
  0x62: 'Classical',
  0x63: 'Folk',
  0x64: 'Jazz',
  0x65: 'Opera',
  0x66: 'Ballet',
  0x71: 'Performing arts',
  0x72: 'Fine arts',
  0x73: 'Religion',
  0x75: 'Literature',
  0x76: 'Cinema',
  0x81: 'Politics',
  0x82: 'Economics',
  0x91: 'Nature',
  0x92: 'Technology',
  0x93: 'Medicine',
  0x94: 'Travel',
  0x96: 'Languages',
  0xa1: 'Travel',
  0xa2: 'Handicraft',
  0xa3: 'Motoring',
  0xa4: 'Fitness',
  0xa5: 'Cooking',
  0xa6: 'Shopping',
  0xa7: 'Gardening',
}

const DOCUMENTARY = 0x23

/**
 * English category words of a DVB content descriptor (kind · 16 + flavour), the type word first; none for 0 and unknown.
 *
 * What has an episode number is no film, whatever the broadcaster says: films and series share a kind.
 */
export function categoriesOf(genreId: number, isEpisode: boolean): readonly string[] {
  if (genreId === DOCUMENTARY) return ['Documentary']
  const kind = genreId >> 4
  const isSeries = kind === 1 && (isEpisode || genreId === 0x15)
  const words = isSeries ? ['Series'] : (KINDS[kind] ?? [])
  const flavour = FLAVOURS[genreId]
  return flavour === undefined ? words : [...words, flavour]
}
