import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveLink } from '../../core/live/link.ts'
import { Failure } from '../../core/errors.ts'
import { createApp } from '../../handlers/app.ts'
import { hlsFace } from '../../handlers/hls.ts'
import { liveFace } from '../../handlers/live.ts'
import { fakeChannel, fakeHouse } from '../fakes/gateway.ts'

test('who comes by a signed link may have come by another face of a front; nobody else says so', async () => {
  const modes: unknown[] = []
  const refuse = ({ mode }: { readonly mode?: unknown }): Promise<never> => {
    modes.push(mode)
    return Promise.reject(new Failure('live/no-slot', 'Busy'))
  }
  const live: LiveLink = { ts: refuse, hls: refuse }
  const { gateway, signer, clock } = fakeHouse({ gateway: { live } })
  const app = createApp(gateway, { viewing: [liveFace, hlsFace], linked: [liveFace, hlsFace] })
  const scope = { kind: 'channel', channelId: fakeChannel(1).id, user: null } as const
  const token = await signer.sign(scope, { jti: 'A'.repeat(22), expires: clock.now / 1000 + 60 })
  for (const path of [
    `/s/${token}/live/c1.ts?via=xtream`,
    `/s/${token}/live/c1.m3u8?via=xtream`,
    `/s/${token}/live/c1.ts`,
    `/s/${token}/live/c1.ts?via=hdhr`,
    '/live/c1.ts?via=xtream',
    '/live/c1.m3u8?via=xtream',
  ])
    await app.request(path, { headers: { host: 'localhost:18080' } })
  assert.deepEqual(modes, ['xtream', 'xtream', undefined, undefined, undefined, undefined])
})
