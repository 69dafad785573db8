import { AAC, facts, ffmpeg, film, MKV, MP4, picture, sound, tone, X264 } from './clip.ts'
import type { Clip } from './clip.ts'

/** The clips A … G, S and L of protocols/linear-channels.md, and what else differs in its codec, size, rate or sound. */
export const MIXED = {
  A: {
    file: 'a-h264-720p25-aac.mp4',
    steps: [ffmpeg(film('1280x720', '25', 6), tone(440, 6), X264, AAC)],
    facts: facts(6, MP4),
  },
  B: {
    file: 'b-h264-640x480-2997-aac44.mp4',
    steps: [ffmpeg(film('640x480', '30000/1001', 6), tone(550, 6, 44_100), X264, AAC, '-ar', '44100')],
    facts: facts(6, MP4, {
      video: picture({ width: 640, height: 480, frameRate: { num: 30_000, den: 1001 } }),
      audio: [sound({ sampleRate: 44_100 })],
    }),
  },
  C: {
    file: 'c-mpeg2-576i25-mp2.ts',
    steps: [
      ffmpeg(
        film('720x576', '50', 6),
        tone(660, 6),
        '-vf',
        'tinterlace=interleave_top,setsar=16/15',
        '-c:v',
        'mpeg2video',
        '-flags',
        '+ilme+ildct',
        '-b:v',
        '4M',
        '-g',
        '12',
        '-c:a',
        'mp2',
        '-ac',
        '2',
      ),
    ],
    facts: facts(6, 'mpegts', {
      video: picture({
        codec: 'mpeg2video',
        profile: 'Main',
        width: 720,
        height: 576,
        pixelAspect: { num: 16, den: 15 },
        isInterlaced: true,
      }),
      audio: [sound({ codec: 'mp2' })],
    }),
  },
  D: {
    file: 'd-hevc-1080p23976-ac3-51.mkv',
    steps: [
      ffmpeg(
        film('1920x1080', '24000/1001', 4),
        tone(330, 4),
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-x265-params',
        'log-level=none',
        '-pix_fmt',
        'yuv420p',
        '-af',
        'pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0',
        '-c:a',
        'ac3',
        '-b:a',
        '384k',
      ),
    ],
    facts: facts(4, MKV, {
      video: picture({
        codec: 'hevc',
        profile: 'Main',
        width: 1920,
        height: 1080,
        frameRate: { num: 24_000, den: 1001 },
      }),
      audio: [sound({ codec: 'ac3', channels: 6 })],
    }),
  },
  E: {
    file: 'e-no-sound.mp4',
    steps: [ffmpeg(film('1280x720', '25', 6), X264)],
    facts: facts(6, MP4, { audio: [] }),
  },
  F: {
    file: 'f-like-a.mp4',
    steps: [ffmpeg(film('1280x720', '25', 6), tone(880, 6), '-vf', 'hue=h=120', X264, AAC)],
    facts: facts(6, MP4),
  },
  G: {
    file: 'g-short-sound.mp4',
    steps: [ffmpeg(film('1280x720', '25', 6), tone(440, 4.8), X264, AAC)],
    facts: facts(6, MP4),
  },
  S: {
    file: 's-360p15-mp3-mono-22k.mkv',
    steps: [ffmpeg(film('640x360', '15', 6), tone(300, 6, 22_050), X264, '-c:a', 'libmp3lame', '-ac', '1')],
    facts: facts(6, MKV, {
      video: picture({ width: 640, height: 360, frameRate: { num: 15, den: 1 } }),
      audio: [sound({ codec: 'mp3', channels: 1, sampleRate: 22_050 })],
    }),
  },
  L: {
    file: 'l-60s-gop-10s.mp4',
    steps: [ffmpeg(film('426x240', '25', 60), tone(440, 60), X264, '-g', '250', '-sc_threshold', '0', AAC)],
    facts: facts(60, MP4, { video: picture({ width: 426, height: 240 }) }),
  },
  anamorphic: {
    file: 'anamorphic-576i25-16x9.ts',
    steps: [
      ffmpeg(
        film('720x576', '50', 4),
        tone(500, 4),
        '-vf',
        'tinterlace=interleave_top,setsar=64/45',
        '-c:v',
        'mpeg2video',
        '-flags',
        '+ilme+ildct',
        '-b:v',
        '4M',
        '-g',
        '12',
        '-c:a',
        'mp2',
        '-ac',
        '2',
      ),
    ],
    facts: facts(4, 'mpegts', {
      video: picture({
        codec: 'mpeg2video',
        profile: 'Main',
        width: 720,
        height: 576,
        pixelAspect: { num: 64, den: 45 },
        isInterlaced: true,
      }),
      audio: [sound({ codec: 'mp2' })],
    }),
  },
  odd: {
    file: 'odd-size-427x241.avi',
    steps: [
      ffmpeg(
        film('640x360', '25', 4),
        tone(500, 4),
        '-vf',
        'scale=427:241',
        '-c:v',
        'mpeg4',
        '-q:v',
        '5',
        '-c:a',
        'libmp3lame',
      ),
    ],
    facts: facts(4, 'avi', {
      video: picture({ codec: 'mpeg4', profile: 'Simple Profile', width: 427, height: 241 }),
      audio: [sound({ codec: 'mp3', channels: 1 })],
    }),
  },
  variable: {
    file: 'variable-rate.mkv',
    steps: [
      ffmpeg(
        film('640x360', '30', 5),
        tone(500, 5),
        '-vf',
        'select=lt(mod(n\\,60)\\,31)+not(mod(n\\,3))',
        '-vsync',
        'vfr',
        X264,
        AAC,
      ),
    ],
    facts: facts(5, MKV, { video: picture({ width: 640, height: 360, frameRate: null }) }),
  },
} as const satisfies Readonly<Record<string, Clip>>

/** Ten that have nothing in common: what the seam test plays one after the other. */
export const MIXED_TEN = [
  'A',
  'B',
  'C',
  'D',
  'E',
  'G',
  'S',
  'anamorphic',
  'odd',
  'variable',
] as const satisfies readonly (keyof typeof MIXED)[]
