import type { LeaseAddress } from '../../core/config/lease-address.ts'
import { createFrontLeases } from './http-leases.ts'
import type { FrontLeasePorts } from './http-leases.ts'
import type { SharedLeases } from './shared-leases.ts'

/**
 * The store of leases that an address names. What speaks its language is loaded for those who have such a store only.
 */
export async function openLeases({ kind, url }: LeaseAddress, ports: FrontLeasePorts): Promise<SharedLeases> {
  switch (kind) {
    case 'postgres': {
      const { createPostgresLeases } = await import('./postgres-leases.ts')
      return createPostgresLeases(url, ports)
    }
    case 'redis': {
      const { createRedisLeases } = await import('./redis-leases.ts')
      return createRedisLeases(url, ports)
    }
    case 'front':
      return createFrontLeases(url.reveal(), ports)
    default:
      return kind satisfies never
  }
}
