import { formatBytes } from '../text/format.ts'
import type { SystemAnswer } from './answers.ts'
import { words } from './words.ts'

/** What lies in the data folder, and the room that is left. */
export function StorageSection({ storage, dataDir }: { storage: SystemAnswer['storage']; dataDir: string }) {
  const used = storage.parts.reduce((sum, { bytes }) => sum + bytes, 0)
  const parts = storage.parts.filter(({ bytes }) => bytes > 0).toSorted((a, b) => b.bytes - a.bytes)
  return (
    <section class="system-part" aria-labelledby="storage">
      <h2 id="storage">{words().storage}</h2>
      <p>
        {words().room(formatBytes(used), formatBytes(storage.free), formatBytes(storage.total))} <code>{dataDir}</code>
      </p>
      <ul class="storage plain">
        {parts.map(({ part, bytes }) => (
          <li key={part}>
            <span>{words().parts[part]}</span>
            <meter aria-label={words().parts[part]} min={0} max={Math.max(1, used)} value={bytes} />
            <span class="storage-bytes">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
