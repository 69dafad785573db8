import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  endpointOfScript,
  logoBase,
  pageOfEndpoint,
  portalAddress,
} from '../../../../adapters/sources/stalker/portal-address.ts'

const hrefs = (pasted: string): readonly string[] => portalAddress(new URL(pasted)).candidates.map(({ href }) => href)

for (const { pasted, has } of [
  {
    pasted: 'http://p.example:8080/c/',
    has: ['http://p.example:8080/portal.php', 'http://p.example:8080/c/portal.php'],
  },
  { pasted: 'http://p.example/c', has: ['http://p.example/portal.php', 'http://p.example/server/load.php'] },
  {
    pasted: 'http://p.example',
    has: ['http://p.example/portal.php', 'http://p.example/stalker_portal/server/load.php'],
  },
  { pasted: 'http://p.example/stalker_portal/c/', has: ['http://p.example/stalker_portal/server/load.php'] },
  { pasted: 'http://p.example/stalker_portal/c/index.html', has: ['http://p.example/stalker_portal/server/load.php'] },
  { pasted: 'http://p.example/stalker_portal/', has: ['http://p.example/stalker_portal/server/load.php'] },
  { pasted: 'https://p.example/ministra/c/', has: ['https://p.example/ministra/server/load.php'] },
]) {
  test(`portalAddress() probes what a portal at ${pasted} answers at`, () => {
    for (const one of has) assert.ok(hrefs(pasted).includes(one), `${one} of ${hrefs(pasted).join(' ')}`)
  })
}

for (const pasted of ['http://p.example/portal.php', 'http://p.example/stalker_portal/server/load.php']) {
  test(`portalAddress() believes ${pasted} first`, () => assert.equal(hrefs(pasted)[0], pasted))
}

test('portalAddress() stays on the host and names nothing twice', () => {
  const all = hrefs('http://p.example/stalker_portal/server/load.php')
  assert.equal(new Set(all).size, all.length)
  assert.ok(all.every((one) => one.startsWith('http://p.example/')))
})

const STOCK = `
this.get_server_params = function(){
  var pattern = /(https?):\\/\\/([^\\/]*)\\/([\\w\\/]+)*\\/([^\\/]+)\\//;
  this.portal_protocol = document.URL.replace(pattern, "$1");
  if (this.portal_path == document.URL){
    this.ajax_loader = this.portal_protocol + '://' + this.portal_ip + '/server/load.php';
  } else {
    this.ajax_loader = this.portal_protocol + '://' + this.portal_ip + '/' + this.portal_path + '/server/load.php';
  }
}`

for (const { name, script, at, endpoint } of [
  {
    name: 'a stock portal',
    script: STOCK,
    at: 'http://p.example/stalker_portal/c/xpcom.common.js',
    endpoint: 'http://p.example/stalker_portal/server/load.php',
  },
  {
    name: 'a panel that imitates one',
    script: "this.ajax_loader = this.portal_protocol+'://'+this.portal_ip+'/'+this.portal_path+'/portal.php';",
    at: 'http://p.example/c/xpcom.common.js',
    endpoint: 'http://p.example/portal.php',
  },
  { name: 'nobody', script: 'alert("hello")', at: 'http://p.example/c/x.js', endpoint: null },
  {
    name: 'another host',
    script: 'ajax_loader = "http://evil.example/x.php"',
    at: 'http://p.example/c/x.js',
    endpoint: null,
  },
]) {
  test(`endpointOfScript() reads the endpoint of ${name}`, () => {
    assert.equal(endpointOfScript(script, new URL(at))?.href ?? null, endpoint)
  })
}

test('logoBase() and pageOfEndpoint() are beside the endpoint', () => {
  for (const { endpoint, page, logos } of [
    {
      endpoint: 'http://p.example/stalker_portal/server/load.php',
      page: 'http://p.example/stalker_portal/c/',
      logos: 'http://p.example/stalker_portal/misc/logos/320/',
    },
    {
      endpoint: 'http://p.example/c/portal.php',
      page: 'http://p.example/c/',
      logos: 'http://p.example/misc/logos/320/',
    },
  ]) {
    assert.equal(pageOfEndpoint(new URL(endpoint)).href, page)
    assert.equal(logoBase(new URL(endpoint)).href, logos)
  }
})
