import { Secret } from '../secret.ts'
import type { ValueReader } from './values.ts'

/** Where leases are kept that several processes share: the kind of store, and its address, which may hold a password. */
export type LeaseAddress = { readonly kind: 'postgres' | 'redis' | 'front'; readonly url: Secret }

const KINDS: Readonly<Record<string, LeaseAddress['kind']>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'redis:': 'redis',
  'rediss:': 'redis',
  'https:': 'front',
  'http:': 'front',
}

/** The address of a database, or of a front of this house. */
export const leaseAddress: ValueReader<LeaseAddress> = {
  shouldBe:
    'an address like "postgres://user:password@host/database", "redis://host:6379", "rediss://…", or that of a front like "https://tv.example.org"',
  secret: true,
  read(value) {
    const url = URL.parse(typeof value === 'string' ? value.trim() : '')
    const kind = url === null ? undefined : KINDS[url.protocol]
    if (url === null || kind === undefined || url.hostname === '' || url.hash !== '') return null
    // A lone "%" in a password could not be decoded later.
    if (/%(?![0-9a-f]{2})/i.test(url.username + url.password + url.pathname))
      throw new SyntaxError('has a "%" that should be written "%25"')
    if (kind === 'front') {
      if (url.username !== '' || url.password !== '' || url.search !== '')
        throw new SyntaxError(
          'should be the address of a front without user name, password or query: link keys open it',
        )
      return { kind, url: new Secret((url.origin + url.pathname).replace(/\/+$/, '')) }
    }
    if (kind === 'postgres' && !/^\/[^/]+$/.test(url.pathname))
      throw new SyntaxError('should name one database, like "postgres://user:password@host/database"')
    if (kind === 'redis' && !/^\/?\d*$/.test(url.pathname))
      throw new SyntaxError('should end after the port or with the number of a database, like "redis://host:6379/0"')
    return { kind, url: new Secret(url.href) }
  },
}
