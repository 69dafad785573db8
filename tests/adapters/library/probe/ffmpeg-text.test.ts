import { test } from 'node:test'
import { createFfmpegProbe } from '../../../../adapters/library/probe/ffmpeg-text.ts'
import { guarded } from '../../../../adapters/library/probe/open-probe.ts'
import { mediaProbeSuite } from '../../../conformance/media-probe.ts'
import { findProgram, skipWithout } from '../../../require-program.ts'

const ffmpeg = findProgram('ffmpeg')
if (ffmpeg === null) test('ffmpeg -i', (t) => skipWithout(t, 'ffmpeg'))
else mediaProbeSuite('ffmpeg -i', { ffmpeg, open: () => guarded(createFfmpegProbe(ffmpeg)) })
