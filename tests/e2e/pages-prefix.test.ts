import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { requireProgram } from '../require-program.ts'
import { startHouse, startTestReceiver } from '../runtime/house.ts'
import type { Program } from '../runtime/program.ts'
import type { Receiver } from '../fakes/receiver/index.ts'
import { buildAssets, noPicture, openPage, startBrowser } from './pages.ts'

// The whole program behind nginx, below a path of a host: pages, lazy parts, events, sign-in, playlists and a picture.

const skip = noPicture()

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const nginxConfig = (folder: string, port: number, upstream: string): string => `
daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr crit;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
  uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
  server {
    listen 127.0.0.1:${port};
    location /tv/ {
      proxy_pass ${upstream}/;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Prefix /tv;
      proxy_buffering off;
    }
    location / { return 404; }
  }
}`

describe('below a path of a proxy', { skip }, () => {
  let receiver: Receiver
  let program: Program
  let browser: Browser
  before(async () => {
    buildAssets()
    receiver = await startTestReceiver()
    program = await startHouse(receiver, {
      config: { access: { trustedProxies: ['127.0.0.1'], anonymous: 'none' }, admin: { password: 'correct horse' } },
      waitForGuide: false,
    })
    browser = await startBrowser(true)
  })
  after(async () => {
    await browser.close()
    await program[Symbol.asyncDispose]()
    await receiver[Symbol.asyncDispose]()
  })

  test('pages, events, playlists and a picture work, and nothing is asked outside of it', async (t) => {
    const nginx = requireProgram(t, 'nginx')
    if (nginx === null) return
    const folder = mkdtempSync(join(tmpdir(), 'downlink-nginx-'))
    const port = await freePort()
    writeFileSync(join(folder, 'nginx.conf'), nginxConfig(folder, port, program.url))
    const proxy: ChildProcess = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' })
    try {
      const base = `http://127.0.0.1:${port}`
      while ((await fetch(`${base}/tv/healthz`).catch(() => null))?.status !== 200) await setTimeout(50)
      const { page, context, complaints } = await openPage(browser, base)
      const outside: string[] = []
      page.on('request', (request) => {
        const url = new URL(request.url())
        if (url.protocol.startsWith('http') && !url.pathname.startsWith('/tv/')) outside.push(url.pathname)
      })

      await page.goto('/tv/')
      await page.getByLabel('Name').fill('admin')
      await page.getByLabel('Password').fill('correct horse')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page
        .getByText(/\d+ channels/)
        .first()
        .waitFor()

      // In the application, then by the address itself: two levels further down.
      await page.locator('.channel').first().click()
      await page.waitForURL('**/tv/player/**')
      await page.locator('video[data-state="playing"]').waitFor({ timeout: 30_000 })
      await page.reload()
      await page.locator('video[data-state="playing"]').waitFor({ timeout: 30_000 })

      await page.goto('/tv/sources')
      await page.getByRole('heading', { name: 'Sources' }).waitFor()
      await page.getByRole('link', { name: 'Watch' }).first().click()
      await page.waitForURL(/\/tv\/$/)
      const playlist = await page.evaluate(async () => (await fetch('/tv/playlist.m3u')).text())
      const [channel = ''] = playlist.split('\n').filter((line) => line.startsWith('http'))
      assert.ok(channel.startsWith(`${base}/tv/t/`), channel)
      const stop = new AbortController()
      const stream = await fetch(channel, { signal: stop.signal })
      assert.equal(stream.status, 200)
      stop.abort()

      await context.close()
      assert.deepEqual(outside, [])
      assert.deepEqual(complaints, [])
    } finally {
      proxy.kill('SIGKILL')
      await new Promise((resolve) => proxy.once('exit', resolve))
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
