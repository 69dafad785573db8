import { AAC, facts, ffmpeg, film, MKV, MP4, picture, sound, subtitle, tone, X264 } from './clip.ts'
import type { Clip } from './clip.ts'

const SMALL = picture({ width: 640, height: 360 })

const SRT_DE =
  '1\n00:00:00,500 --> 00:00:02,500\nGrüße, hier ist {\\i1}Köln{\\i0}\n\n2\n00:00:03,000 --> 00:00:04,800\nZweite Zeile\n'
const SRT_FORCED = '1\n00:00:01,000 --> 00:00:03,000\nEin Schild: Ausgang\n'
const CHAPTERS =
  ';FFMETADATA1\n' +
  [0, 2, 3]
    .map(
      (start, at) =>
        `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start * 1000}\nEND=${[2, 3, 5][at]}000\ntitle=Part ${at + 1}\n`,
    )
    .join('')

/** Clips with one peculiarity each, 4 or 5 s long. */
export const SPECIAL = {
  tenBit: {
    file: 'ten-bit-hevc.mkv',
    steps: [
      ffmpeg(
        film('640x360', '50', 4),
        tone(440, 4),
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-x265-params',
        'log-level=none',
        '-pix_fmt',
        'yuv420p10le',
        AAC,
      ),
    ],
    facts: facts(4, MKV, {
      video: picture({
        codec: 'hevc',
        profile: 'Main 10',
        pixelFormat: 'yuv420p10le',
        width: 640,
        height: 360,
        frameRate: { num: 50, den: 1 },
      }),
    }),
  },
  hdr: {
    file: 'hdr-pq-hevc.mkv',
    steps: [
      ffmpeg(
        film('640x360', '25', 4),
        tone(440, 4),
        '-vf',
        'setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv,format=gbrpf32le,zscale=tin=bt709:t=linear:npl=300,zscale=p=2020:t=smpte2084:m=2020_ncl:r=tv,format=yuv420p10le',
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-x265-params',
        'log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc',
        AAC,
        '-color_primaries',
        'bt2020',
        '-color_trc',
        'smpte2084',
        '-colorspace',
        'bt2020nc',
      ),
    ],
    facts: facts(4, MKV, {
      video: picture({
        codec: 'hevc',
        profile: 'Main 10',
        pixelFormat: 'yuv420p10le',
        width: 640,
        height: 360,
        isHdr: true,
      }),
    }),
  },
  rotated: {
    file: 'rotated-90.mp4',
    steps: [
      ffmpeg(film('640x360', '25', 4), tone(440, 4), X264, AAC, '-f', 'mp4', 'upright.mp4'),
      { kind: 'turn', from: 'upright.mp4' },
    ],
    facts: facts(4, MP4, { video: picture({ width: 640, height: 360, rotation: 90 }) }),
  },
  longSound: {
    file: 'long-sound.mp4',
    steps: [ffmpeg(film('640x360', '25', 4), tone(440, 6), X264, AAC)],
    facts: facts(6, MP4, { video: SMALL }),
  },
  lateSound: {
    file: 'late-sound.mkv',
    steps: [ffmpeg(film('640x360', '25', 5), '-itsoffset', '1.3', tone(440, 3), X264, AAC)],
    facts: facts(5, MKV, { video: SMALL }),
  },
  noPicture: {
    file: 'no-picture.mp3',
    steps: [ffmpeg(tone(440, 5), '-c:a', 'libmp3lame', '-metadata', 'title=Only sound')],
    facts: facts(5, 'mp3', { video: null, audio: [sound({ codec: 'mp3', channels: 1 })] }),
  },
  chapters: {
    file: 'chapters.mkv',
    steps: [
      { kind: 'text', file: 'chapters.txt', text: CHAPTERS },
      ffmpeg(
        film('640x360', '25', 5),
        tone(440, 5),
        '-i',
        'chapters.txt',
        '-map',
        '0',
        '-map',
        '1',
        '-map_metadata',
        '2',
        X264,
        AAC,
      ),
    ],
    facts: facts(5, MKV, { video: SMALL, chaptersMs: [2000, 3000] }),
  },
  subtitles: {
    file: 'subtitles.mkv',
    steps: [
      { kind: 'text', file: 'de.srt', text: SRT_DE },
      { kind: 'text', file: 'forced.srt', text: SRT_FORCED },
      ffmpeg(
        '-f',
        'lavfi',
        '-i',
        'color=c=0x204020:size=640x360:rate=25:duration=5',
        tone(440, 5),
        '-i',
        'de.srt',
        '-i',
        'forced.srt',
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '2',
        '-map',
        '3',
        X264,
        AAC,
        '-c:s',
        'srt',
        '-metadata:s:s:0',
        'language=ger',
        '-metadata:s:s:1',
        'language=ger',
        '-disposition:s:1',
        'forced',
      ),
    ],
    facts: facts(5, MKV, {
      video: SMALL,
      subtitles: [subtitle({ language: 'ger' }), subtitle({ index: 1, language: 'ger', isForced: true })],
    }),
  },
  pictureSubtitles: {
    file: 'picture-subtitles.mkv',
    steps: [
      {
        kind: 'pgs',
        file: 'white.sup',
        show: {
          screen: { width: 640, height: 360 },
          box: { x: 220, y: 300, width: 200, height: 30 },
          from: 1,
          to: 2,
        },
      },
      ffmpeg(
        '-f',
        'lavfi',
        '-i',
        'color=c=0x204020:size=640x360:rate=25:duration=4',
        tone(440, 4),
        // FFmpeg moves the first subtitle of a file to 0.
        '-itsoffset',
        '1',
        '-i',
        'white.sup',
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '2',
        X264,
        AAC,
        '-c:s',
        'copy',
        '-metadata:s:s:0',
        'language=eng',
      ),
    ],
    facts: facts(4, MKV, {
      video: SMALL,
      subtitles: [subtitle({ codec: 'hdmv_pgs_subtitle', language: 'eng', isText: false })],
    }),
  },
  languages: {
    file: 'two-languages.mkv',
    steps: [
      ffmpeg(
        film('640x360', '25', 4),
        tone(300, 4),
        tone(1200, 4),
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '2',
        X264,
        AAC,
        '-metadata:s:a:0',
        'language=eng',
        '-metadata:s:a:1',
        'language=ger',
        '-disposition:a:0',
        'default',
        '-disposition:a:1',
        '0',
      ),
    ],
    facts: facts(4, MKV, {
      video: SMALL,
      audio: [sound({ language: 'eng' }), sound({ index: 1, language: 'ger', isDefault: false })],
    }),
  },
  truncated: {
    file: 'truncated.mkv',
    steps: [
      ffmpeg(film('640x360', '25', 5), tone(440, 5), X264, AAC, '-f', 'matroska', 'whole.mkv'),
      { kind: 'cut', from: 'whole.mkv', share: 0.6 },
    ],
    facts: facts(5, MKV, { video: SMALL }),
  },
  headless: {
    file: 'headless.mp4',
    steps: [
      ffmpeg(film('640x360', '25', 4), tone(440, 4), X264, AAC, '-f', 'mp4', 'whole.mp4'),
      { kind: 'cut', from: 'whole.mp4', share: 0.7 },
    ],
    facts: facts(4, MP4, { video: SMALL }),
  },
  empty: {
    file: 'empty.mp4',
    steps: [{ kind: 'text', file: 'empty.mp4', text: '' }],
    facts: facts(4, MP4, { video: SMALL }),
  },
} as const satisfies Readonly<Record<string, Clip>>
