import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ersatzFileName, ersatzPlayout } from '../../../core/linear/ersatz.ts'
import type { MediaShelf } from '../../../core/linear/line.ts'
import type { PlanItem } from '../../../core/linear/plan-item.ts'

const guide = { group: 'g', isShown: true, title: 'T', subtitle: null }
const START = Date.UTC(2026, 3, 13, 5)
const item = (index: number, more: Partial<PlanItem>): PlanItem => ({
  id: `i${index}`,
  start: START + index * 60_000,
  stop: START + (index + 1) * 60_000,
  kind: 'programme',
  media: null,
  inMs: 0,
  channel: null,
  text: null,
  guide,
  ...more,
})
const facts = { durationMs: 1, container: 'mp4', video: null, audio: [], subtitles: [], chaptersMs: [] }
const shelf: MediaShelf = {
  file: (media) => (media === 'here' ? { path: "/films/It's here.mkv", facts, loudness: null } : null),
}
const items = [
  item(0, { media: 'here', inMs: 90_000 }),
  item(1, { media: 'away' }),
  item(2, { kind: 'live', channel: 'c3' }),
  item(3, { kind: 'off' }),
]

test('ersatzPlayout() names files with their parts, and leaves no hole', () => {
  const { version, items: written } = ersatzPlayout(items, shelf, {
    liveAddress: (channel) => `http://tv.example.org/live/${channel}.ts`,
  })
  assert.equal(version, 'https://ersatztv.org/playout/version/0.0.2')
  assert.deepEqual(written[0], {
    id: 'i0',
    start: '2026-04-13T05:00:00.000Z',
    finish: '2026-04-13T05:01:00.000Z',
    source: { source_type: 'local', path: "/films/It's here.mkv", in_point_ms: 90_000, out_point_ms: 150_000 },
  })
  assert.deepEqual(written[2]?.source, { source_type: 'http', uri: 'http://tv.example.org/live/c3.ts' })
  for (const index of [1, 3]) {
    assert.equal(written[index]?.source, undefined)
    assert.deepEqual(written[index]?.tracks, {
      video: { source: { source_type: 'lavfi', params: 'color=c=black:size=1280x720:rate=25' } },
      audio: { source: { source_type: 'lavfi', params: 'anullsrc=channel_layout=stereo:sample_rate=48000' } },
    })
  }
})

test('ersatzFileName() says from when to when in compact ISO 8601', () => {
  assert.equal(ersatzFileName(items), '20260413T050000.000000000Z_20260413T050400.000000000Z.json')
  assert.equal(ersatzFileName([]), null)
})
