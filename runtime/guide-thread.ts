import { runImportThread } from '../adapters/guide/import-thread.ts'

// The entry of the thread that imports a guide document; beside the other entries, so that a bundle finds it.
await runImportThread()
