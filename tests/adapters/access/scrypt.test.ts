import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createScryptHasher } from '../../../adapters/access/scrypt.ts'

const hasher = createScryptHasher()

test('createScryptHasher() knows the password of its own hash, and no other', async () => {
  const hash = await hasher.hash('correct horse')
  assert.match(hash, /^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/)
  assert.equal(await hasher.verify('correct horse', hash), true)
  assert.equal(await hasher.verify('correct horsE', hash), false)
})

test('createScryptHasher() salts each hash anew', async () => {
  assert.notEqual(await hasher.hash('correct horse'), await hasher.hash('correct horse'))
})

test('createScryptHasher() takes the same letters of another keyboard as the same password', async () => {
  const hash = await hasher.hash('J\u00f6rgs Passwort')
  assert.equal(await hasher.verify('Jo\u0308rgs Passwort', hash), true)
})

test('createScryptHasher() reads hashes of another cost', async () => {
  // RFC 7914, section 12: scrypt(P="password", S="NaCl", N=1024, r=8, p=16), first 32 of 64 bytes.
  const hash = 'scrypt$1024$8$16$TmFDbA$_bq-HJ00cgB4VucZDQHp_nxq18vII3gw53N2Y0s3MWI'
  assert.equal(await hasher.verify('password', hash), true)
})

for (const hash of [
  '',
  'plain:x',
  'scrypt$1$2$3',
  'scrypt$1073741824$8$1$AAAA$AAAA',
  'scrypt$16384$8$1$AAAA$AA',
  'scrypt$16384$8$1$$',
]) {
  test(`createScryptHasher() says false to the hash "${hash}"`, async () =>
    assert.equal(await hasher.verify('x', hash), false))
}

test('createScryptHasher() answers many at once', async () => {
  const hash = await hasher.hash('a')
  const answers = await Promise.all(['a', 'b', 'a', 'b', 'a'].map((password) => hasher.verify(password, hash)))
  assert.deepEqual(answers, [true, false, true, false, true])
})
