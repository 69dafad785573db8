/** How the picture of a clip is made. `open-gop` is interlaced H.264 without any IDR picture inside the loop. */
export type VideoRecipe = {
  readonly codec: 'h264' | 'h264-open-gop' | 'mpeg2' | 'hevc'
  readonly width: number
  readonly height: number
  readonly framesPerSecond: 25 | 50
  readonly bitrateKbps: number
  readonly pattern: 'test' | 'bars'
  /** Turns the colours, in degrees. */
  readonly hue: number
}

/** One sound track: a steady tone, so that every channel and language can be told by ear. */
export type AudioRecipe = {
  readonly codec: 'mp2' | 'ac3' | 'aac'
  readonly bitrateKbps: number
  readonly channels: 2 | 6
  /** ISO 639-2. */
  readonly language: string
  /** A multiple of 25 Hz, so that the wave fits the loop. */
  readonly toneHz: number
}

/** What FFmpeg is asked for. Two equal recipes are one cached file. */
export type Recipe = {
  readonly label: string
  readonly video: VideoRecipe | null
  readonly audio: readonly AudioRecipe[]
  /** Length of the loop in units of `LOOP_UNIT_SECONDS`. */
  readonly units: number
}

/**
 * The shortest time in which everything comes out even: 48 pictures at 25/s, 80 MP2, 60 AC-3 and 90 AAC frames at
 * 48 kHz, two GOPs of 24 pictures (an even number of IDR pictures, and 16 reference pictures, which is x264's
 * frame_num modulus). A loop of whole units has no seam in time stamps, frame numbers or sound.
 */
export const LOOP_UNIT_SECONDS = 1.92

const hd: VideoRecipe = {
  codec: 'h264',
  width: 640,
  height: 360,
  framesPerSecond: 50,
  bitrateKbps: 1800,
  pattern: 'test',
  hue: 0,
}
const mp2 = (toneHz: number, language = 'deu'): AudioRecipe => ({
  codec: 'mp2',
  bitrateKbps: 192,
  channels: 2,
  language,
  toneHz,
})
const ac3 = (toneHz: number, channels: 2 | 6 = 2, language = 'deu'): AudioRecipe => ({
  codec: 'ac3',
  bitrateKbps: channels === 6 ? 384 : 192,
  channels,
  language,
  toneHz,
})

/** The codec sets that real receivers deliver, by name. Each takes a label and a tone, and can be made smaller. */
export const codecSets = {
  /** Public HD: H.264 closed GOP 0.96 s, 50 pictures, AC-3 5.1 German, MP2 German and English. */
  hd: (label: string, toneHz: number, hue = 0): Recipe => ({
    label,
    video: { ...hd, hue },
    audio: [ac3(toneHz, 6), mp2(toneHz), mp2(toneHz + 200, 'eng')],
    units: 10,
  }),
  /** Commercial HD: H.264 1080i manner, open GOP, recovery points only, MP2 and AC-3. */
  openGop: (label: string, toneHz: number, hue = 0): Recipe => ({
    label,
    video: { ...hd, codec: 'h264-open-gop', framesPerSecond: 25, hue },
    audio: [mp2(toneHz), ac3(toneHz)],
    units: 10,
  }),
  /** H.264 with AAC, as on terrestrial and British channels. */
  aac: (label: string, toneHz: number, hue = 0): Recipe => ({
    label,
    video: { ...hd, framesPerSecond: 25, bitrateKbps: 1200, hue },
    audio: [{ codec: 'aac', bitrateKbps: 128, channels: 2, language: 'deu', toneHz }],
    units: 10,
  }),
  /** SD: MPEG-2 with MP2. */
  sd: (label: string, toneHz: number, hue = 0): Recipe => ({
    label,
    video: { ...hd, codec: 'mpeg2', framesPerSecond: 25, bitrateKbps: 2500, pattern: 'bars', hue },
    audio: [mp2(toneHz)],
    units: 10,
  }),
  /** UHD: HEVC with AC-3. */
  uhd: (label: string, toneHz: number, hue = 0): Recipe => ({
    label,
    video: { ...hd, codec: 'hevc', framesPerSecond: 25, bitrateKbps: 1500, hue },
    audio: [ac3(toneHz)],
    units: 5,
  }),
  /** Radio: MP2 only. */
  radio: (label: string, toneHz: number): Recipe => ({ label, video: null, audio: [mp2(toneHz)], units: 10 }),
} as const

/** The same codecs in 3.84 s of 320×180, made in a fraction of a second: for tests. */
export function tiny(recipe: Recipe): Recipe {
  return {
    ...recipe,
    label: 'TEST',
    units: 2,
    video: recipe.video && { ...recipe.video, width: 320, height: 180, bitrateKbps: 500 },
  }
}

/** One tiny clip for each codec set. */
export const testClips = {
  hd: tiny(codecSets.hd('TEST', 400)),
  openGop: tiny(codecSets.openGop('TEST', 450)),
  aac: tiny(codecSets.aac('TEST', 500)),
  sd: tiny(codecSets.sd('TEST', 550)),
  uhd: tiny(codecSets.uhd('TEST', 600)),
  radio: tiny(codecSets.radio('TEST', 650)),
} as const
