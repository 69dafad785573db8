import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * What a hardware encoder of the fake does. `works`: encodes (in software, by the real FFmpeg). `fails`: says that it
 * cannot. `hangs`: takes pictures and gives none. `no-keys`: makes key frames nowhere but at the start. `trial-only`:
 * proves itself, and breaks off at work. `mute-at-work`: proves itself, and hangs at work.
 */
export type FakeHardware = 'works' | 'fails' | 'hangs' | 'no-keys' | 'trial-only' | 'mute-at-work'

/** A program in the place of FFmpeg on a machine with hardware that this one does not have. */
export type FakeFfmpeg = Disposable & { readonly path: string }

const AT_WORK: Readonly<Record<FakeHardware, string>> = {
  works: '',
  fails: 'exit 1',
  hangs: 'exec cat > /dev/null',
  'no-keys': '',
  'trial-only': 'head -c 40000 > /dev/null; echo "[h264_test] [error] device lost" >&2; exit 1',
  'mute-at-work': 'exec cat > /dev/null',
}
const ON_TRIAL: Readonly<Record<FakeHardware, string>> = {
  works: '',
  fails: 'echo "No device available for encoder" >&2; exit 1',
  hangs: 'exec sleep 60',
  'no-keys': '',
  'trial-only': '',
  'mute-at-work': '',
}

/** Makes the program; `hardware` by FFmpeg's names of encoders (`h264_vaapi`, with `@device` for one device alone). */
export function makeFakeFfmpeg(real: string, hardware: Readonly<Record<string, FakeHardware>>): FakeFfmpeg {
  const folder = mkdtempSync(join(tmpdir(), 'fake-ffmpeg-'))
  const path = join(folder, 'ffmpeg')
  const cases = Object.entries(hardware).map(
    ([name, kind]) =>
      `  ${name}) if [ "$input" = pipe:0 ]; then ${AT_WORK[kind] || ':'}; else ${ON_TRIAL[kind] || ':'}; fi; keys=${kind === 'no-keys' ? 'drop' : 'keep'};;`,
  )
  writeFileSync(
    path,
    `#!/bin/sh
codec= input= device= last= keys=keep
for word in "$@"; do
  case "$last" in -c:v) codec=$word;; -i) input=$word;; -vaapi_device) device=$word;; esac
  last=$word
done
name=$codec\${device:+@$device}
case "$name" in
${cases.join('\n')}
  h264_*) echo "Unknown encoder $name" >&2; exit 1;;
esac
# The same work for the real program: other words for what only the hardware knows.
count=$#
while [ "$count" -gt 0 ]; do
  word=$1; shift; count=$((count - 1))
  case "$word" in
    -vaapi_device|-forced-idr|-forced_idr|-no-scenecut|-realtime) shift; count=$((count - 1)); continue;;
    -force_key_frames) if [ "$keys" = drop ]; then shift; count=$((count - 1)); continue; fi;;
    h264_*) set -- "$@" libx264 -preset ultrafast -sc_threshold 0; continue;;
    *,hwupload) word=\${word%,hwupload};;
    format=nv12) word=format=yuv420p;;
  esac
  set -- "$@" "$word"
done
exec '${real}' "$@"
`,
  )
  chmodSync(path, 0o755)
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}
