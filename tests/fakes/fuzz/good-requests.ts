import { OPERATIONS } from '../../../handlers/openapi/operations.ts'
import type { GoodRequest } from './requests.ts'

const PLAYERS = [
  '/playlist.m3u', '/playlist', '/groups_playlist', '/groups/All.m3u', '/xmltv.xml', '/xmltv.xml.gz', '/live/c1.ts', '/live/c1.m3u8', '/live/1.ts', '/iptv/channel/1.ts',
  '/play/receiver/c1', '/play/vod/films/f1.mkv', '/play/series/films/s1/1/1.mkv', '/play/vod/films/f1/poster', '/chplay/All', '/logo/c1', '/hls/c1/video.m3u8', '/hls/c1/v1/1.ts',
  '/1:0:19:1:3EF:1:C00000:0:0:0:', '/discover.json', '/lineup.json', '/lineup.xml', '/lineup.m3u', '/lineup_status.json', '/status.json', '/device.xml', '/auto/v1', '/tuner0/v1',
  '/hdhr/source/receiver/lineup.json', '/healthz', '/readyz', '/metrics', '/', '/setup', '/status', '/player/receiver/c1', '/assets/x.js', '/api/docs', '/api/docs/style.css',
  '/get.php', '/xmltv.php', '/panel_api.php', '/player_api.php', '/live/anna/wrong/1.ts', '/movie/anna/wrong/1.mkv', '/series/anna/wrong/1.mkv', '/timeshift/anna/wrong/60/2026-11-21:20-00/1.ts',
  '/streaming/timeshift.php', '/timeshift.php', '/anna/wrong/1', '/x/nothing1', '/s/wrong/live/c1.ts', '/s/wrong/snapshot/lineup', '/s/k1.a.b/hls/c1/video.m3u8', '/t/wrong/playlist.m3u',
] // prettier-ignore

/** A good request for every route of the whole house. */
export const GOOD_REQUESTS: readonly GoodRequest[] = [
  ...PLAYERS.map((path) => ({ method: 'GET', path })),
  ...PLAYERS.filter((path) => path.endsWith('.php')).map((path) => ({ method: 'POST', path })),
  { method: 'POST', path: '/lineup.post' },
  ...OPERATIONS.map(({ method, path, segments = {}, query, body }) => ({
    method: method.toUpperCase(),
    path: path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(segments[name]?.example ?? 'x')),
    ...(query !== undefined && { query: Object.keys(query.entries) }),
    ...(body !== undefined && { body: body.example }),
  })),
]
