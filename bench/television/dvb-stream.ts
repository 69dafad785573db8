import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { NULL_PID, PACKET_SIZE, pidAt } from '../../core/live/packet.ts'
import { buildPmt, packetize, parsePmt } from '../../core/live/psi.ts'

/** 8 Mbit/s constant, bytes a second. */
export const DVB_BYTES_PER_SECOND = 1_000_000
/** Length of a group of pictures, seconds. */
export const DVB_GOP_SECONDS = 1.28

const SECONDS = 90
/** FFmpeg's own choice. */
const PMT_PID = 0x1000
const SOUND_PIDS: ReadonlySet<number> = new Set([0x101, 0x102])
const TELETEXT_PID = 0x1a0
const SUBTITLE_PID = 0x1a1
/** Sound comes this many bytes behind its picture: encoders on air send the picture ahead by their buffer. */
const SOUND_BEHIND = 600_000
const TELETEXT_EVERY = 40_000
const SUBTITLE_EVERY = 2_000_000

const INPUT =
  '-f lavfi -i testsrc2=size=1280x720:rate=50 -f lavfi -i aevalsrc=0.2*sin(800*t)|0.2*sin(810*t)|0.1*sin(820*t)|0|0.05*sin(830*t)|0.05*sin(840*t):s=48000:c=5.1'
const PICTURE =
  '-map 0:v -c:v libx264 -preset ultrafast -g 64 -keyint_min 64 -sc_threshold 0 -flags +cgop -bf 2 -b:v 6500k -maxrate 6500k -bufsize 3250k -x264-params nal-hrd=cbr:aud=1:repeat-headers=1 -pix_fmt yuv420p'
const SOUND = '-map 1:a -c:a:0 ac3 -b:a:0 448k -map 1:a -c:a:1 mp2 -ac:a:1 2 -b:a:1 192k'
const CONTAINER = `-t ${SECONDS} -muxrate 8000k -pcr_period 20 -f mpegts`

/**
 * 90 s as a satellite sends them: 720p50 H.264 with closed groups of 1.28 s, AC-3 5.1 and MP2 0.6 s behind the picture,
 * teletext and DVB subtitles, constant 8 Mbit/s. Made once and kept in `folder`.
 */
export async function dvbStream(ffmpegPath: string, folder: string): Promise<Uint8Array> {
  const file = join(folder, 'dvb-720p50.ts')
  if (existsSync(file)) return readFileSync(file)
  mkdirSync(folder, { recursive: true })
  const raw = `${file}.raw`
  const words = `-hide_banner -nostdin -loglevel error -y ${INPUT} ${PICTURE} ${SOUND} ${CONTAINER}`.split(' ')
  await promisify(execFile)(ffmpegPath, [...words, raw])
  const bytes = asOnAir(readFileSync(raw))
  writeFileSync(raw, bytes)
  renameSync(raw, file)
  return bytes
}

function asOnAir(stream: Uint8Array): Uint8Array {
  const out = new Uint8Array(stream)
  const late: { readonly packet: Uint8Array; readonly from: number }[] = []
  const counters = { pmt: 0, teletext: 0, subtitle: 0 }
  let nextTeletext = 0
  let nextSubtitle = 0
  for (let at = 0; at + PACKET_SIZE <= out.length; at += PACKET_SIZE) {
    const pid = pidAt(out, at)
    if (pid === PMT_PID) out.set(pmtWithTexts(out.subarray(at, at + PACKET_SIZE), counters.pmt++), at)
    if (SOUND_PIDS.has(pid)) {
      late.push({ packet: out.slice(at, at + PACKET_SIZE), from: at + SOUND_BEHIND })
      out.set(nullPacket(), at)
    }
    if (pidAt(out, at) !== NULL_PID) continue
    const [first] = late
    if (first !== undefined && first.from <= at) {
      out.set(first.packet, at)
      late.shift()
    } else if (at >= nextTeletext) {
      out.set(textPacket(TELETEXT_PID, counters.teletext++), at)
      nextTeletext = at + TELETEXT_EVERY
    } else if (at >= nextSubtitle) {
      out.set(textPacket(SUBTITLE_PID, counters.subtitle++), at)
      nextSubtitle = at + SUBTITLE_EVERY
    }
  }
  return out
}

function nullPacket(): Uint8Array {
  const packet = new Uint8Array(PACKET_SIZE).fill(0xff)
  packet.set([0x47, NULL_PID >> 8, NULL_PID & 0xff, 0x10])
  return packet
}

/** A whole PES packet of private stream 1 without time stamps. */
function textPacket(pid: number, counter: number): Uint8Array {
  const packet = new Uint8Array(PACKET_SIZE).fill(0xff)
  const length = PACKET_SIZE - 10
  packet.set([0x47, 0x40 | (pid >> 8), pid & 0xff, 0x10 | (counter & 0x0f)])
  packet.set([0, 0, 1, 0xbd, length >> 8, length & 0xff, 0x80, 0, 0], 4)
  return packet
}

function pmtWithTexts(packet: Uint8Array, counter: number): Uint8Array {
  const length = (((packet[6] ?? 0) & 0x0f) << 8) | (packet[7] ?? 0)
  const found = parsePmt(packet.subarray(5, 8 + length))
  if (found === null) throw new Error('FFmpeg wrote no PMT that fits one packet')
  const text = (pid: number, descriptors: readonly number[]) => ({
    pid,
    kind: 'data' as const,
    codec: 'other' as const,
    streamType: 0x06,
    language: null,
    descriptors: Uint8Array.from(descriptors),
  })
  const streams = [
    ...found.streams,
    text(TELETEXT_PID, [0x56, 5, 0x64, 0x65, 0x75, 0x09, 0x00]),
    text(SUBTITLE_PID, [0x59, 8, 0x64, 0x65, 0x75, 0x10, 0, 1, 0, 1]),
  ]
  return packetize(buildPmt({ ...found, pmtPid: PMT_PID, streams }), PMT_PID, counter)
}
