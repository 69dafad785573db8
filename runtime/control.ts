import type { AuditBook } from '../core/access/audit.ts'
import type { Log } from '../core/log.ts'
import { runBackupCommand } from './backup/backup-commands.ts'
import type { HouseBackups } from './backup/backup-desk.ts'
import { controlPath, openControlSocket } from './control-socket.ts'
import type { ControlRequest } from './control-socket.ts'
import { runHouseCommand } from './house-commands.ts'
import type { CommandDesks } from './house-commands.ts'
import type { HouseConfig } from './load-config.ts'

/** The door for the command line of this machine; null where the path of the data folder is too long for a socket. */
export async function openControl({
  config,
  people,
  backups,
  audit,
  own,
  now,
  log,
}: {
  readonly config: HouseConfig
  readonly people: CommandDesks
  readonly backups: Pick<HouseBackups, 'write' | 'restoreFile'>
  readonly audit: AuditBook
  /** Addresses at which this program answers. */
  readonly own: () => readonly string[]
  readonly now: () => number
  readonly log: Log
}): Promise<AsyncDisposable | null> {
  const socket = controlPath(config.dataDir)
  if (socket === null) {
    log('warn', 'control-socket-path', { advice: 'Choose a shorter data folder to use "token" while it runs' })
    return null
  }
  const { role, publicUrl } = config
  return openControlSocket(socket, async (request: ControlRequest): Promise<unknown> => {
    const result = request.command.startsWith('backup/')
      ? await runBackupCommand(backups, request)
      : await runHouseCommand(people, { role, publicUrl, own: own() }, request)
    const { command: action } = request
    if (!/\/(list|show|plan)$/.test(action))
      await audit.write({ at: now(), who: null, by: 'command-line', address: '', action, status: 200 })
    return result
  })
}
