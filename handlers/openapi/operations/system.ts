import * as v from 'valibot'
import { BackupBody } from '../../backup/backup-api.ts'
import { RestoreBody } from '../../backup/restore-api.ts'
import { WindowQuery } from '../../list-window.ts'
import { SettingBody } from '../../system/system-api.ts'
import { LogsQuery, TailBody } from '../../logs/logs-api.ts'
import {
  BackupAnswer,
  BackupsAnswer,
  FindingAnswer,
  LogsAnswer,
  RestoringAnswer,
  SettingAnswer,
  SystemAnswer,
  TailAnswer,
} from '../answers/system.ts'
import type { Operation } from '../operation.ts'
import { listOf } from '../answers/leaves.ts'
import { JobAnswer } from '../answers/house.ts'
import { chapter, made, nothing, ok, segments } from './parts.ts'

const logs = chapter('Log')
const backups = chapter('Backups')
const system = chapter('System')

/** Looking behind the screens: log, backups, settings. */
export const systemOperations: readonly Operation[] = [
  system('GET /api/v1/system', 'admin', 'Show versions, FFmpeg, machine and storage', {
    answers: ok(SystemAnswer, 'What is behind the screens'),
    failures: ['http/not-found'],
  }),
  system('GET /api/v1/system/findings', 'admin', 'Look at the house as the command doctor does', {
    answers: ok(listOf(FindingAnswer), 'What was looked at'),
    failures: ['http/not-found'],
  }),
  system('GET /api/v1/system/settings', 'admin', 'List settings with default and origin', {
    notes: 'Secrets read "set", lists of entries their number.',
    answers: ok(listOf(SettingAnswer), 'All settings'),
    failures: ['http/not-found'],
  }),
  system('PUT /api/v1/system/settings/{key}', 'admin', 'Change a setting while the house runs', {
    notes: 'Only those that are "live", and that no option, environment or file sets. Null: back to the default.',
    segments: segments.setting,
    body: { schema: SettingBody, example: { value: 'debug' } },
    answers: ok(SettingAnswer, 'The setting as it is now'),
    failures: ['http/not-found', 'config/managed-by-file'],
  }),
  logs('GET /api/v1/logs', 'admin', 'List lines of the log, the newest first', {
    notes:
      '"event" may end in "*"; "level" means that one and above. "until", the id of a line, keeps windows steady while new lines come.',
    query: LogsQuery,
    answers: ok(LogsAnswer, 'A window of what is kept in memory'),
    failures: ['http/not-found'],
  }),
  logs('PUT /api/v1/logs/tail', 'admin', 'Be told of new lines with the events, for a minute', {
    notes: 'Events "log" {lines, leftOut, newest}; "leftOut" lines before them were too many.',
    body: { schema: TailBody, example: { level: 'info' } },
    answers: ok(TailAnswer, 'Until when'),
    failures: ['http/not-found'],
  }),
  backups('GET /api/v1/backup', 'admin', 'List kept backups, the newest first', {
    query: WindowQuery,
    answers: ok(BackupsAnswer, 'The backups, and when the next one is made by itself'),
    failures: ['http/not-found'],
  }),
  backups('POST /api/v1/backup', 'admin', 'Make a backup while the house runs', {
    notes:
      'Line-up, people, tokens, sources, settings and keys. "extras" adds the guide, the history, and the configuration file of the owner as it is written. A passphrase seals it.',
    body: { schema: BackupBody, example: { extras: ['guide'], passphrase: 'correct horse battery' } },
    answers: {
      202: { description: 'The job that makes it', schema: v.strictObject({ job: v.nullable(JobAnswer) }) },
    },
    failures: ['http/not-found', 'http/busy'],
  }),
  backups('PUT /api/v1/backup', 'admin', 'Keep a backup that comes from elsewhere', {
    notes: 'The body is the file itself (application/gzip or application/octet-stream), of any size.',
    answers: made(BackupAnswer, 'The backup'),
    failures: ['http/bad-request', 'http/too-large', 'http/busy', 'backup/not-one', 'backup/no-room'],
  }),
  backups('GET /api/v1/backup/{name}', 'admin', 'Download a backup', {
    segments: segments.backup,
    answers: { 200: { description: 'The file', schema: v.string(), contentType: 'application/gzip' } },
    failures: ['backup/unknown'],
  }),
  backups('DELETE /api/v1/backup/{name}', 'admin', 'Delete a backup', {
    segments: segments.backup,
    answers: nothing('It is gone'),
    failures: ['backup/unknown'],
  }),
  backups('POST /api/v1/system/restore', 'admin', 'Put the house of a backup in the place of this one', {
    notes:
      'The body is the file itself (any other type than JSON; a passphrase percent-encoded in "X-Backup-Passphrase"), or names a kept backup. Where the house has no owner yet, the header "X-Setup-Code" with the code from the console takes the place of signing in. It is read and tried wholly first; then the house starts anew within seconds, and a house that had an owner is kept as a backup.',
    body: { schema: RestoreBody, example: { backup: 'downlink-20261121T040000Z-daily-3f9a.tar.gz' } },
    answers: { 202: { description: 'What is in it; it takes the place now', schema: RestoringAnswer } },
    failures: [
      'access/setup-code',
      'access/setup-done',
      'access/throttled',
      'http/too-large',
      'http/busy',
      'backup/unknown',
      'backup/not-one',
      'backup/damaged',
      'backup/newer',
      'backup/passphrase',
      'backup/no-room',
    ],
  }),
]
