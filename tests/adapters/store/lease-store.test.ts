import { leaseStoreSuite } from '../../conformance/lease-store.ts'
import { makeDataFolder } from './data-folder.ts'

leaseStoreSuite('createLeaseStore()', async () => {
  const folder = await makeDataFolder()
  const { access } = await folder.open()
  return { store: access.leases, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
})
