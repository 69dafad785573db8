import type * as v from 'valibot'
import type { Answer, Method, Operation, OperationCaller } from '../operation.ts'

type Rest = Omit<Operation, 'method' | 'path' | 'tag' | 'summary' | 'caller'>
type Answers = Readonly<Record<number, Answer>>

/** Makes the operations of a chapter: `add('GET /api/v1/channels', 'watcher', 'List channels', …)`. */
export const chapter =
  (tag: string) =>
  (call: `${Uppercase<Method>} /${string}`, caller: OperationCaller, summary: string, rest: Rest): Operation => {
    const [method, path = ''] = call.split(' ')
    return { method: method?.toLowerCase() as Method, path, tag, caller, summary, ...rest }
  }

/** 200 with a JSON body. */
export const ok = (schema: v.GenericSchema, description = 'Done'): Answers => ({ 200: { description, schema } })

/** 200 with a JSON body and an entity tag for edits. */
export const tagged = (schema: v.GenericSchema, description = 'Done'): Answers => ({
  200: { description, schema, tagged: true },
})

/** 201 with what was made. */
export const made = (schema: v.GenericSchema, description: string): Answers => ({ 201: { description, schema } })

/** 204. */
export const nothing = (description: string): Answers => ({ 204: { description } })

/** What edits of the configuration have in common. */
export const ENTRY_NOTES =
  'Bodies have the keys of the list in the configuration file. What is written in the file or the environment is edited there.'

/** More about edits of entries. */
export const PATCH_NOTES = `${ENTRY_NOTES} Null: back to the default. A secret that is not named, or is "set", stays.`

/** The segments of paths. */
export const segments = {
  channel: { id: { description: 'Id of the channel', example: 'c1' } },
  runningChannel: { channelId: { description: 'Id of the channel', example: 'c1' } },
  source: { id: { description: 'Id of the source', example: 'receiver' } },
  group: { name: { description: 'Name of the group', example: 'All' } },
  selection: { id: { description: 'Id of the selection', example: 'kids' } },
  feed: { id: { description: 'Id of the guide', example: 'europe' } },
  job: { id: { description: 'Id of the job', example: 'j1' } },
  token: { id: { description: 'Id of the token', example: '4k2jf9' } },
  user: { id: { description: 'Name of the person in small letters', example: 'jo' } },
  setting: { key: { description: 'Path of the setting in the configuration file', example: 'log.level' } },
  backup: {
    name: { description: 'Name of the backup', example: 'downlink-20261121T040000Z-daily-3f9a.tar.gz' },
  },
  shelf: { sourceId: { description: 'Id of a source with films', example: 'films' } },
} as const
