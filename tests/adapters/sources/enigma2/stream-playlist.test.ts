import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readStreamPlaylist } from '../../../../adapters/sources/enigma2/stream-playlist.ts'

const URL_8001 = 'http://192.168.1.20:8001/1:0:19:132F:3EF:1:C00000:0:0:0:'

for (const { name, text, url } of [
  {
    name: 'version 2',
    text: `#EXTM3U \n#EXTVLCOPT:http-reconnect=true \n#EXTINF:-1,ORF1 HD\n#EXTVLCOPT:program=4911\n${URL_8001}\n`,
    url: URL_8001,
  },
  {
    name: 'version 1, without a last line end',
    text: `#EXTM3U \n#EXTVLCOPT--http-reconnect=true \n${URL_8001}`,
    url: URL_8001,
  },
  { name: 'Windows line ends and blanks', text: `#EXTM3U\r\n  ${URL_8001}  \r\n`, url: URL_8001 },
  {
    name: 'a session in front of the host',
    text: `#EXTM3U\n${URL_8001.replace('//', '//-sid:0f3c@')}\n`,
    url: URL_8001,
  },
  {
    name: 'a password in front of the host',
    text: `#EXTM3U\n${URL_8001.replace('//', '//root:secret@')}\n`,
    url: URL_8001,
  },
]) {
  test(`readStreamPlaylist() reads ${name}`, () => {
    assert.equal(readStreamPlaylist(text)?.href, url)
  })
}

for (const text of ['', '#EXTM3U\n', '<html>404</html>', '#EXTM3U\nrtsp://box/1\n']) {
  test(`readStreamPlaylist() finds nothing in ${JSON.stringify(text)}`, () => {
    assert.equal(readStreamPlaylist(text), null)
  })
}
