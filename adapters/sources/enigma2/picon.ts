import { createHash } from 'node:crypto'
import { parseServiceRef } from '../../../core/lineup/service-reference.ts'
import type { ServiceRef } from '../../../core/lineup/service-reference.ts'
import { imageType } from '../../../core/image-type.ts'
import type { ReceiverItem } from './item.ts'
import type { WebClient } from './web-client.ts'

/** Pictures of a receiver's channels. */
export interface Picons {
  /** The picture of an item, at most 2 MiB; null if the box has none. Fails with `source/*`. */
  find(item: ReceiverItem, signal: AbortSignal): Promise<Uint8Array | null>
}

// No channel has this reference: what a box gives for it is what it gives when it has nothing.
const NOBODY = '0_0_0_0_0_0_0_0_0_0'

/** Makes the finder of one receiver: asks for one file after the other, behind everything else. */
export function createPicons(client: WebClient): Picons {
  let standIn: Promise<string | null> | null = null

  const fetchImage = async (name: string, signal: AbortSignal): Promise<Uint8Array | null> => {
    const bytes = await client.file({ path: `picon/${name}.png`, priority: 'logo', signal })
    return bytes === null || imageType(bytes) === null ? null : bytes
  }
  const askStandIn = async (signal: AbortSignal): Promise<string | null> => {
    try {
      const bytes = await fetchImage(NOBODY, signal)
      return bytes === null ? null : digest(bytes)
    } catch (error) {
      standIn = null // the next one asks again
      throw error
    }
  }

  return {
    async find(item, signal) {
      for (const name of piconNames(item)) {
        const bytes = await fetchImage(name, signal)
        if (bytes === null) continue
        standIn ??= askStandIn(signal)
        if (digest(bytes) !== (await standIn)) return bytes
      }
      return null
    },
  }
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/**
 * File names under which a receiver keeps an item's picture, in its own order: reference, without the sub-satellite,
 * as DVB, as plain TV, by name, by name without HD.
 * Source: OpenWebif, plugin/controllers/utilities.py, getPiconPath.
 */
export function piconNames(item: Pick<ReceiverItem, 'kind' | 'ref' | 'name' | 'members'>): readonly string[] {
  const ref = parseServiceRef(item.kind === 'group' ? (item.members[0] ?? '') : item.ref)
  const name = nameFile(item.name)
  const names = [...(ref === null ? [] : referenceFiles(ref)), name, name.replace(/(?:fhd|uhd|hd|sd|4k)$/, '')]
  return [...new Set(names)].filter((file) => file !== '')
}

function referenceFiles(ref: ServiceRef): readonly string[] {
  const plain = { ...ref, flags: 0 }
  const broad = { ...plain, namespace: (plain.namespace & 0xffff_0000) >>> 0 }
  const dvb = { ...broad, type: 1 }
  return [plain, broad, dvb, { ...dvb, serviceType: 1 }].map(referenceFile)
}

function referenceFile(ref: ServiceRef): string {
  const { type, flags, serviceType, sid, tsid, onid, namespace, parentSid, parentTsid, unused } = ref
  const fields = [serviceType, sid, tsid, onid, namespace, parentSid, parentTsid, unused]
  return [type, flags, ...fields.map((field) => field.toString(16).toUpperCase())].join('_')
}

const nameFile = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll('&', 'and')
    .replaceAll('+', 'plus')
    .replaceAll('*', 'star')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
