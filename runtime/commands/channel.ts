import * as v from 'valibot'
import { PrintedChannel, PrintedPlan } from '../channel-commands.ts'
import type { PrintedStretch } from '../channel-commands.ts'
import type { Command } from '../command.ts'
import { askHouse } from '../house-commands.ts'
import { loadConfig } from '../load-config.ts'
import { UsageError } from '../usage-error.ts'

const DAY_MS = 86_400_000
const MOST_DAYS = 31

const say = (line: string): boolean => process.stdout.write(`${line}\n`)

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
    if (json !== undefined) say(JSON.stringify(list, null, 2))
    else printList(list)
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
  if (json !== undefined) say(JSON.stringify(stretches, null, 2))
  else printPlan(stretches)
  return 0
}

function readDays(text: string | undefined): number {
  if (text === undefined) return 1
  if (!/^\d{1,2}$/.test(text) || Number(text) < 1 || Number(text) > MOST_DAYS)
    throw new UsageError(`Option --days should be a number from 1 to ${MOST_DAYS}, is "${text}"`)
  return Number(text)
}

function printList(channels: readonly PrintedChannel[]): void {
  if (channels.length === 0)
    say('There is no channel of your own yet: add a folder of films as a source, and a channel of it (docs/linear.md)')
  const width = Math.max(0, ...channels.map(({ id }) => id.length))
  for (const { id, number, name, group, library, managedBy, problem } of channels) {
    const facts = [
      group,
      `files of "${library}"`,
      managedBy === 'file' ? 'written in the configuration' : null,
      problem === null ? null : `CANNOT BE PLAYED: ${problem}`,
    ]
    say(
      `${id.padEnd(width)}  ${(number ?? '-').padStart(4)}  ${name}  (${facts.filter((one) => one !== null).join(', ')})`,
    )
  }
}

/** Days as headlines, then a line for each stretch, in the time of this machine. */
function printPlan(stretches: readonly PrintedStretch[]): void {
  let day = ''
  for (const { start, stop, kind, title, subtitle } of stretches) {
    const at = new Date(start)
    const date = at.toLocaleDateString('en-CA', { weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' })
    if (date !== day) say(`${day === '' ? '' : '\n'}${date}`)
    day = date
    const seconds = Math.round((Date.parse(stop) - at.getTime()) / 1000)
    const what = kind === 'programme' ? '' : ` [${kind}]`
    say(
      `  ${clockOf(at)}  ${lengthOf(seconds).padStart(8)}  ${title}${subtitle === null ? '' : ` · ${subtitle}`}${what}`,
    )
  }
}

const two = (number: number): string => String(number).padStart(2, '0')
const clockOf = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
const lengthOf = (seconds: number): string =>
  `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
