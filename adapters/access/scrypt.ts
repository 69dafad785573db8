import { Buffer } from 'node:buffer'
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { PasswordHasher } from '../../core/access/accounts.ts'

// OWASP Password Storage Cheat Sheet (2024): N=2^15, r=8, p=3 is one of the equivalent minimums; 32 MiB for one hash.
const COST = { N: 2 ** 15, r: 8, p: 3 }
const KEY_BYTES = 32
const SALT_BYTES = 16
/** At most this many hashes at a time: each holds 32 MiB and a thread. */
const PARALLEL = 2

const LAYOUT = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/

/** scrypt (RFC 7914). Hashes read `scrypt$N$r$p$salt$key`, salt and key in base64url. */
export function createScryptHasher(): PasswordHasher {
  let running = 0
  const waiting: (() => void)[] = []

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= PARALLEL) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // The next one takes over this one's place, so the count stays.
      if (next === undefined) running--
      else next()
    }
  }

  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = randomBytes(SALT_BYTES)
        const key = await derive(password, salt, KEY_BYTES, COST)
        return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString('base64url')}$${key.toString('base64url')}`
      }),
    async verify(password, hash) {
      const [, n, r, p, saltText, keyText] = LAYOUT.exec(hash) ?? []
      if (saltText === undefined || keyText === undefined) return false
      const cost = { N: Number(n), r: Number(r), p: Number(p) }
      // A hash in a broken store must not make us take all memory.
      if (cost.N > 2 ** 20 || cost.r > 32 || cost.p > 16) return false
      const key = Buffer.from(keyText, 'base64url')
      if (key.length < KEY_BYTES) return false
      const found = await inTurn(() => derive(password, Buffer.from(saltText, 'base64url'), key.length, cost))
      return timingSafeEqual(found, key)
    },
  }
}

type Cost = typeof COST

/** Passwords are compared in Unicode normal form C: the same letters typed on another system are the same password. */
function derive(password: string, salt: Buffer, length: number, { N, r, p }: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, length, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      // Bun says undefined for no error, Node null.
      if (error) reject(error)
      else resolve(key)
    })
  })
}
