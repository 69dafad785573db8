import { test } from 'node:test'
import { createFfprobe } from '../../../../adapters/library/probe/ffprobe.ts'
import { guarded } from '../../../../adapters/library/probe/open-probe.ts'
import { mediaProbeSuite } from '../../../conformance/media-probe.ts'
import { findProgram, skipWithout } from '../../../require-program.ts'

const ffmpeg = findProgram('ffmpeg')
const ffprobe = findProgram('ffprobe')
if (ffmpeg === null || ffprobe === null) test('ffprobe', (t) => skipWithout(t, 'ffprobe'))
else mediaProbeSuite('ffprobe', { ffmpeg, open: () => guarded(createFfprobe(ffprobe)) })
