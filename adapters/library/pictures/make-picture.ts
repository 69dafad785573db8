import { imageType } from '../../../core/image-type.ts'
import { SAFE_INPUT } from '../probe/refusal.ts'
import { runProgram } from '../run-program.ts'

/** What a picture is made of. */
export type PictureSource =
  /** A picture as a file of its own, or packed into the media file. */
  | { readonly kind: 'picture' | 'cover'; readonly path: string }
  /** A frame of the film. */
  | { readonly kind: 'frame'; readonly path: string; readonly atMs: number }

const LONGEST_MS = 30_000
const MOST_BYTES = 2 * 1024 * 1024
/** At most 640 pixels wide, with square pixels and even sides. */
const SMALL = String.raw`scale=w=trunc(min(640\,iw*max(sar\,0.01))/2)*2:h=trunc(ow/dar/2)*2,setsar=1`

/** A JPEG of at most 640 pixels' width; null: there is none in it. Fails with the signal's reason. */
export async function makePicture(
  ffmpeg: string,
  source: PictureSource,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const end = await runProgram(
    ffmpeg,
    [
      '-nostdin',
      '-hide_banner',
      '-v',
      'error',
      '-threads',
      '1',
      ...(source.kind === 'frame' ? ['-ss', (source.atMs / 1000).toFixed(3)] : []),
      ...SAFE_INPUT,
      '-i',
      `file:${source.path}`,
      // Of a film the picture that is most like those around it: not the black one between two scenes.
      ...(source.kind === 'frame' ? ['-map', '0:V:0', '-vf', `thumbnail=25,${SMALL}`] : ['-vf', SMALL]),
      ...(source.kind === 'cover' ? ['-map', '0:v', '-map', '-0:V'] : []),
      '-an',
      '-sn',
      '-dn',
      '-frames:v',
      '1',
      '-c:v',
      'mjpeg',
      '-pix_fmt',
      'yuvj420p',
      '-q:v',
      '4',
      '-f',
      'image2pipe',
      '-',
    ],
    { signal, timeoutMs: LONGEST_MS, mostBytes: MOST_BYTES, isQuiet: true },
  )
  return imageType(end.stdout) === 'image/jpeg' ? end.stdout : null
}
