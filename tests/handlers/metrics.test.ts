import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { Failure } from '../../core/errors.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import { WorkCounts } from '../../core/live/counts/work-counts.ts'
import type { StreamStatus } from '../../core/live/hub.ts'
import type { SourceStatus } from '../../handlers/gateway.ts'
import type { GuideDesk, GuideFeedStatus } from '../../handlers/guide-desk.ts'
import { fakeChannel, fakeHouse } from '../fakes/gateway.ts'
import { ownJobs } from '../fakes/memory-jobs.ts'

const receiver = sourceId('receiver')
const viewer = { id: 'v1', mode: 'ts', user: null, address: '', bytesOut: 1 } as const

const stream: StreamStatus = {
  channelId: fakeChannel(1).id,
  channelName: 'Channel "1"\nwith a line feed',
  sourceId: receiver,
  streamId: streamId(receiver, 'item'),
  state: 'live',
  startedAt: 0,
  bytesIn: 1,
  bytesOut: 2,
  bitrateKbps: 3,
  continuityErrors: 0,
  clockJitterMs: 1.5,
  bufferedMs: 0,
  firstByteMs: 10,
  firstPictureMs: 20,
  slate: null,
  switchCount: 0,
  switches: [],
  program: null,
  viewers: [viewer, { ...viewer, id: 'v2', mode: 'hls' }, { ...viewer, id: 'v3', mode: 'hls' }],
}
const source: SourceStatus = {
  id: receiver,
  kind: 'enigma2',
  name: 'Receiver',
  state: 'ready',
  slots: { total: 2, used: 1 },
  channels: 3,
  lastRefresh: Date.UTC(2026, 10, 21, 20, 19),
  problem: new Failure('source/unreachable', 'It is away'),
  answered: true,
}
const feed: GuideFeedStatus = {
  id: 'euro"pe\\',
  name: 'Europe',
  imported: {
    fetchedAt: Date.UTC(2026, 10, 21, 19, 20),
    importedAt: 0,
    channels: 1,
    programmes: 1,
    firstStart: null,
    lastStart: null,
    problems: [],
  },
  progress: null,
  problem: null,
}

/** The metrics of a house in which everything that has a metric is there. */
async function everything(): Promise<string> {
  const { jobs } = ownJobs()
  const house = fakeHouse({
    streams: [stream],
    sources: [source],
    gateway: {
      jobs,
      guideDesk: { feeds: () => [feed] } as unknown as GuideDesk,
      meter: {
        traffic: () => ({ bytesIn: 10, bytesOut: 20, errors: 1, switches: new Map([['live/stalled', 2]]) }),
        load: () => ({ cpuSeconds: 1.25, memoryBytes: 1000, loopDelayMs: 5 }),
      },
    },
  })
  const counts = new WorkCounts()
  counts.sidecars.begin()
  counts.hlsSessions.begin()()
  counts.hlsSessions.begin()
  counts.hlsSessions.fail()
  counts.complaints.note(stream.channelId, 7)
  const status = {
    ...house.gateway.status,
    transcode: () => ({ encoder: 'x', running: 1, limit: 2 }),
    work: () => counts.read(),
  }
  const full = fakeHouse({ gateway: { ...house.gateway, status } })
  return (await full.get('/metrics')).text()
}

type Family = { readonly type: string; readonly samples: readonly string[] }

/** Reads the text as strictly as `promtool check metrics` does, and gives its families. */
function readExposition(text: string): ReadonlyMap<string, Family> {
  assert.ok(text.endsWith('\n'))
  const families = new Map<string, { type: string; samples: string[] }>()
  let name = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-z_]+) (\S.*[^.\s])$/.exec(line)
    const type = /^# TYPE ([a-z_]+) (gauge|counter)$/.exec(line)
    if (help) {
      name = help[1] ?? ''
      assert.ok(!families.has(name), `${name} comes once`)
    } else if (type) {
      assert.equal(type[1], name, 'TYPE follows the HELP of the same name')
      families.set(name, { type: type[2] ?? '', samples: [] })
    } else {
      const sample =
        /^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")(?:,[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")*\})? -?\d+(\.\d+)?(e[+-]?\d+)?$/
      const [, of = '', labels = ''] = sample.exec(line) ?? assert.fail(`not a sample: ${line}`)
      assert.equal(of, name, line)
      const known = families.get(name)?.samples ?? assert.fail(`${name} has no TYPE`)
      assert.ok(!known.includes(labels), `${line} comes once`)
      known.push(labels)
    }
  }
  return families
}

test('/metrics is what Prometheus reads, with names as it wants them', async () => {
  const families = readExposition(await everything())
  assert.ok(families.size > 35, `${families.size} families`)
  for (const [name, { type, samples }] of families) {
    assert.match(name, /^(downlink|process)_/)
    assert.equal(name.endsWith('_total'), type === 'counter', name)
    assert.doesNotMatch(name, /_(ms|milliseconds|kb|mb|minutes|hours|percent)$/, 'base units')
    assert.ok(samples.length > 0, name)
  }
  assert.deepEqual(families.get('downlink_guide_age_seconds')?.samples, ['{guide="euro\\"pe\\\\"}'])
})

test('/metrics counts viewers by the way they watch, and has a line for each way', async () => {
  const text = await everything()
  for (const [mode, count] of [
    ['ts', 1],
    ['hls', 2],
    ['hdhr', 0],
    ['xtream', 0],
  ])
    assert.ok(text.includes(`downlink_viewers_by_mode{mode="${mode}"} ${count}\n`), String(mode))
  assert.match(text, /^downlink_stream_switches_total\{reason="live\/stalled"\} 2$/m)
  assert.match(text, /^downlink_source_refresh_age_seconds\{source="receiver",kind="enigma2"\} 60$/m)
})

test('/metrics counts the work on pictures and sound', async () => {
  const text = await everything()
  for (const line of [
    'downlink_sidecars 1',
    'downlink_sidecar_starts_total 1',
    'downlink_sidecar_failures_total 0',
    'downlink_hls_sessions 1',
    'downlink_hls_session_starts_total 2',
    'downlink_hls_session_failures_total 1',
    'downlink_transcoder_starts_total 0',
    'downlink_decoder_errors_total 7',
  ])
    assert.ok(text.includes(`\n${line}\n`), line)
})

const FOREIGN = /^(up|process_cpu_seconds_total|process_resident_memory_bytes)$/
/** Names of metrics in an expression of PromQL. */
const namesIn = (expression: string): string[] =>
  expression.match(/\b(?:downlink|process)_[a-z_]+\b|\bup\b(?=\{)/g) ?? []

test('every metric of the dashboard and of the alert rules is one of ours', async () => {
  const known = new Set(readExposition(await everything()).keys())
  const read = (file: string): string => readFileSync(new URL(`../../docs/monitoring/${file}`, import.meta.url), 'utf8')
  const dashboard = JSON.parse(read('grafana-dashboard.json')) as { panels: { targets: { expr: string }[] }[] }
  const rules = parse(read('prometheus-alerts.yaml')) as {
    groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[]
  }
  const expressions = [
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
  ]
  assert.ok(expressions.length > 30)
  const used = new Set(expressions.flatMap(namesIn))
  assert.ok(used.size > 20)
  assert.deepEqual(
    [...used].filter((name) => !known.has(name) && !FOREIGN.test(name)),
    [],
  )
  const documented = read('../monitoring.md')
  for (const { alert, annotations } of rules.groups.flatMap((group) => group.rules)) {
    assert.match(alert, /^Downlink[A-Z]\w+$/)
    assert.match(annotations.summary, /\{\{ \$labels\.\w+ \}\}/, alert)
  }
  assert.match(documented, /grafana-dashboard\.json/)
})
