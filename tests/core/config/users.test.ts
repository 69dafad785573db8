import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readUsers } from '../../../core/config/users.ts'

test('readUsers() reads a person with every limit', () => {
  const [user] = readUsers([
    {
      name: 'Anna',
      password: 'battery staple',
      role: 'viewer',
      maxStreams: 2,
      groups: ['News'],
      selections: ['kids'],
      adultLock: true,
      expires: '2027-01-31',
    },
  ])
  assert.deepEqual([user?.name, user?.role, user?.password.reveal()], ['Anna', 'viewer', 'battery staple'])
  assert.deepEqual(user?.limits, {
    maxStreams: 2,
    groups: ['News'],
    selections: ['kids'],
    adultLock: true,
    expiresAt: Date.UTC(2027, 0, 31),
  })
})

test('readUsers() gives a viewer without limits by default', () => {
  const [user] = readUsers([{ name: 'Anna', password: 'battery staple', expires: null }])
  assert.equal(user?.role, 'viewer')
  assert.equal(user?.limits.maxStreams, null)
  assert.equal(user?.limits.expiresAt, null)
})

for (const { name, entry, says } of [
  {
    name: 'an unknown key',
    entry: { maxStream: 2 },
    says: 'users[0].maxStream: unknown key, did you mean "maxStreams"?',
  },
  {
    name: 'a short password',
    entry: { password: 'short' },
    says: 'users[0].password: should be a text of at least 8 characters',
  },
  { name: 'another role', entry: { role: 'owner' }, says: 'users[0].role: should be' },
  { name: 'an expiry that is no instant', entry: { expires: 'soon' }, says: 'users[0].expires: should be an instant' },
  { name: 'a name that is an address of the program', entry: { name: 'live' }, says: 'users[0].name: should be' },
  { name: 'the name of the first admin', entry: { name: 'Admin' }, says: 'users[0].name: should be a name of its own' },
  { name: 'no stream at all', entry: { maxStreams: 0 }, says: 'users[0].maxStreams: should be' },
]) {
  test(`readUsers() refuses ${name} and names the key`, () => {
    assert.throws(
      () => readUsers([{ name: 'Anna', password: 'battery staple', ...entry }]),
      (error: Error) => error.message.startsWith(says) && !error.message.includes('battery'),
    )
  })
}

test('readUsers() refuses a name that comes twice', () => {
  const anna = { name: 'Anna', password: 'battery staple' }
  assert.throws(() => readUsers([anna, { ...anna, name: 'ANNA' }]), /users\[1\]\.name: .* users\[0\] has it/)
})
