import type { Method } from './call.ts'
import { jsonTitle } from './text.ts'

/** `movielist`: one folder, with those below it when asked. A folder that is not there has no movies. */
export const movieList: Method = ({ box, parameters }) => {
  const directory = parameters.get('dirname') ?? box.disk.locations[0] ?? '/'
  const isRecursive = parameters.has('recursive')
  const isIn = (file: string): boolean =>
    file.startsWith(directory) && (isRecursive || !file.slice(directory.length).includes('/'))
  const movies = box.disk
    .list()
    .filter(({ recording }) => isIn(recording.file))
    .map(({ recording, size, isGrowing }) => ({
      filename: recording.file,
      filename_stripped: recording.file.slice(recording.file.lastIndexOf('/') + 1),
      serviceref: `1:0:0:0:0:0:0:0:0:0:${recording.file}`,
      length: isGrowing ? '?:??' : lengthText(recording.seconds),
      lastseen: 0,
      filesize: size,
      filesize_readable: `${(size / 1_000_000_000).toFixed(1)} GB`,
      recordingtime: Math.floor(recording.beginMs / 1000),
      begintime: new Date(recording.beginMs).toISOString(),
      eventname: jsonTitle(recording.title),
      servicename: recording.service.name,
      tags: recording.tags ?? '',
      fullname: `1:0:0:0:0:0:0:0:0:0:${recording.file}`,
      description: recording.description,
      descriptionExtended: '',
    }))
  return { json: { movies, bookmarks: [], directory, recursive: isRecursive } }
}

const lengthText = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
