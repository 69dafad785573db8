/** What the first bytes of an answer are. `more`: too few to tell. */
export type StreamContent =
  | 'more'
  | 'mpeg-ts'
  | 'hls'
  | 'web-page'
  | 'json'
  | 'packed-audio'
  | 'fragmented-mp4'
  | 'flash-video'
  | 'matroska'
  | 'unknown'

const SYNC = 0x47 // ISO/IEC 13818-1, 2.4.3.2
const PACKET = 188
/** A server may start in the middle of a packet; so far its sync byte is looked for. */
const LONGEST_LOOK = 64 * 1024
const SYNCS_IN_A_ROW = 3

/**
 * Tells the content of a stream by its first bytes; headers are not asked, because panels lie in them
 * (protocols/xtream.md §5). `isWhole`: nothing more will come.
 */
export function recognise(bytes: Uint8Array, isWhole: boolean): StreamContent {
  if (isTransportStream(bytes, isWhole)) return 'mpeg-ts'
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 512)).replace(/^(ï»¿)?\s*/, '')
  if (text.startsWith('#EXTM3U')) return 'hls'
  if (text.startsWith('<')) return 'web-page'
  if (/^[{[]\s*["{\]}\d]/.test(text)) return 'json'
  // Nothing more of these is needed to be sure; MP3 and ADTS begin with eleven bits set.
  if (text.startsWith('ID3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)) return 'packed-audio'
  if (/^(ftyp|styp|moof|sidx|emsg)/.test(text.slice(4))) return 'fragmented-mp4'
  if (text.startsWith('FLV\u0001')) return 'flash-video'
  if (text.startsWith('\u001aEß£')) return 'matroska'
  return isWhole || bytes.length >= LONGEST_LOOK ? 'unknown' : 'more'
}

function isTransportStream(bytes: Uint8Array, isWhole: boolean): boolean {
  if (
    bytes[0] === SYNC &&
    (bytes[PACKET] === SYNC || (isWhole && bytes.length >= PACKET && bytes.length <= 2 * PACKET))
  )
    return true
  const last = Math.min(LONGEST_LOOK, bytes.length - (SYNCS_IN_A_ROW - 1) * PACKET)
  for (let at = bytes.indexOf(SYNC); at >= 0 && at < last; at = bytes.indexOf(SYNC, at + 1))
    if (bytes[at + PACKET] === SYNC && bytes[at + 2 * PACKET] === SYNC) return true
  return false
}
