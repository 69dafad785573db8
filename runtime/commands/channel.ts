import * as v from 'valibot'
import { PrintedChannel, PrintedPlan } from '../channel-commands.ts'
import type { PrintedStretch } from '../channel-commands.ts'
import type { Command } from '../command.ts'
import { askHouse } from '../house-commands.ts'
import { loadConfig } from '../load-config.ts'
import { UsageError } from '../usage-error.ts'

const DAY_MS = 86_400_000
const MOST_DAYS = 31

/** Resolves when it was taken: the program ends right after the last line, and a pipe holds 64 KiB. */
const say = (text: string): Promise<void> =>
  new Promise((resolve) => void process.stdout.write(`${text}\n`, () => resolve()))

/** `channel list`, `channel plan ID [--days N]`; `--json` prints what programs read. */
export const channel: Command = async ({ words, options }) => {
  const { json, days, ...rest } = options
  const [verb, id] = words
  const isList = verb === 'list' && id === undefined
  if (!isList && (verb !== 'plan' || id === undefined))
    throw new UsageError('"channel" should be followed by "list" or "plan ID"')
  if (isList && days !== undefined) throw new UsageError('Option --days does not belong to "channel list"')
  const config = loadConfig(rest)
  if (config.role === 'gateway')
    throw new UsageError('A front makes no channels: run "channel" where the adapter is, in its data folder')
  if (id === undefined) {
    const list = v.parse(v.array(PrintedChannel), await askHouse(config, { command: 'channel/list', args: {} }))
    await say(json === undefined ? listText(list) : JSON.stringify(list, null, 2))
    return 0
  }
  const stretches: PrintedStretch[] = []
  const begin = Date.now()
  const end = begin + readDays(days) * DAY_MS
  for (let from = begin; from < end;) {
    const to = Math.min(end, from + DAY_MS)
    const args = { id, from: String(from), to: String(to) }
    const { items, next } = v.parse(PrintedPlan, await askHouse(config, { command: 'channel/plan', args }))
    // What is on at the border of two windows is in both.
    for (const item of items) if (item.start !== stretches.at(-1)?.start) stretches.push(item)
    from = next ?? to
  }
  await say(json === undefined ? planText(stretches) : JSON.stringify(stretches, null, 2))
  return 0
}

function readDays(text: string | undefined): number {
  if (text === undefined) return 1
  if (!/^\d{1,2}$/.test(text) || Number(text) < 1 || Number(text) > MOST_DAYS)
    throw new UsageError(`Option --days should be a number from 1 to ${MOST_DAYS}, is "${text}"`)
  return Number(text)
}

function listText(channels: readonly PrintedChannel[]): string {
  if (channels.length === 0)
    return 'There is no channel of your own yet: add a folder of films as a source, and a channel of it (docs/linear.md)'
  const width = Math.max(...channels.map(({ id }) => id.length))
  const lines = channels.map(({ id, number, name, group, library, managedBy, problem }) => {
    const facts = [
      group,
      `files of "${library}"`,
      managedBy === 'file' ? 'written in the configuration' : null,
      problem === null ? null : `CANNOT BE PLAYED: ${problem}`,
    ].filter((one) => one !== null)
    return `${id.padEnd(width)}  ${(number ?? '-').padStart(4)}  ${name}  (${facts.join(', ')})`
  })
  return lines.join('\n')
}

/** Days as headlines, then a line for each stretch, in the time of this machine. */
function planText(stretches: readonly PrintedStretch[]): string {
  const lines: string[] = []
  let day = ''
  for (const { start, stop, kind, title, subtitle } of stretches) {
    const at = new Date(start)
    const date = DAY.format(at)
    if (date !== day) lines.push(...(day === '' ? [] : ['']), date)
    day = date
    const seconds = Math.round((Date.parse(stop) - at.getTime()) / 1000)
    const what = kind === 'programme' ? '' : ` [${kind}]`
    const named = subtitle === null ? title : `${title} · ${subtitle}`
    lines.push(`  ${clockOf(at)}  ${lengthOf(seconds).padStart(8)}  ${named}${what}`)
  }
  return lines.join('\n')
}

const DAY = new Intl.DateTimeFormat('en-CA', { weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' })
const two = (number: number): string => String(number).padStart(2, '0')
const clockOf = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
const lengthOf = (seconds: number): string =>
  `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
