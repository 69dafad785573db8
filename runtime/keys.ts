import { loadLinkKeys } from '../adapters/access/key-file.ts'
import { createKeyRing } from '../core/access/keys.ts'
import type { KeyRing } from '../core/access/keys.ts'
import type { HouseConfig } from './load-config.ts'

/** The ring of link keys of this house: as configured, else from the data folder (made on first use). */
export async function houseKeys(config: Pick<HouseConfig, 'links' | 'dataDir'>): Promise<KeyRing> {
  return createKeyRing(config.links.keys ?? (await loadLinkKeys(config.dataDir)))
}
