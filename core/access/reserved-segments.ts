/**
 * First path segments with a meaning of their own (contract §3.2). They win over every route with a free first
 * segment, and are refused as user names and source ids.
 */
export const reservedSegments: ReadonlySet<string> = new Set([
  'alerts', 'api', 'assets', 'auto', 'channels', 'chplay', 'dashboard', 'device.xml', 'discover.json', 'favicon.ico', 'favicon.svg',
  'get.php', 'groups', 'groups_playlist', 'guide', 'hdhr', 'healthz', 'hls', 'iptv', 'leases', 'lineup.json', 'lineup.m3u', 'lineup.post', 'lineup.xml',
  'lineup_status.json', 'live', 'log', 'login', 'logo', 'manifest.webmanifest', 'metrics', 'movie', 'movies', 'panel_api.php', 'play',
  'player', 'player_api.php', 'playlist', 'playlist.m3u', 'publish', 'readyz', 'robots.txt', 's', 'series', 'setup', 'snapshot', 'sources', 'status',
  'status.json', 'streaming', 'streams', 'system', 't', 'timeshift', 'timeshift.php', 'users', 'x', 'xmltv.php', 'xmltv.xml', 'xmltv.xml.gz',
]) // prettier-ignore

/** Whether the name must not be a user name or a source id: a reserved segment, or a tuner's (`tuner0`). */
export const isReserved = (name: string): boolean =>
  reservedSegments.has(name.toLowerCase()) || /^tuner\d+$/i.test(name)
