/** Segments and values of addresses that programs have stumbled over, still or already encoded. */
export const NASTY_WORDS: readonly string[] = [
  '', '.', '..', '%2e%2e', '%2f', '%5c', '%00', '%ff', '%c0%af', '%E0%A4%A', '%', '%zz', '%25%32%65', ';', '~', '*', '$', '+', ' '.trim(),
  '0', '-1', '1e9', '99999999999999999999', '2147483648', 'NaN', 'Infinity', '0x10', '1.5', '00001', '1_000',
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'true', '[object%20Object]', '{}', '[]',
  'c1', 'c0', 'c-1', 'c99999999999', 'All', 'receiver', '%F0%9F%93%BA', 'a%0d%0ab', 'a%20b', "'", '%22', '<script>', '${7*7}', '1:0:19:1:3EF:1:C00000:0:0:0:',
  '1:0:1:1:1:1:1:0:0:0:http%3a//127.0.0.1/', 'http://127.0.0.1/', '//evil.test', 'c1.ts', 'c1.m3u8', '1.ts', '.m3u', 'x'.repeat(300), '%41'.repeat(500), 'x'.repeat(6000),
] // prettier-ignore

/** Values that fit no header. */
export const NASTY_HEADERS: readonly string[] = [
  '', '*', '"', '""', '"42"', 'W/"42"', ',', ',,,', 'bytes=0-', 'bytes=-1', 'bytes=9-1', 'bytes=0-0,1-1', 'bytes=99999999999999999999-', 'Bearer', 'Bearer x', 'Basic', 'Basic !!', 'Basic Og==',
  'downlink_session=', 'downlink_session=%', 'downlink_session=a.b.c', 'a=b; a=c', 'null', 'evil.test', 'localhost:99999', '[::1', '127.0.0.1', 'http://', 'https://evil.test', 'cross-site', 'same-origin',
  'gzip;q=0', 'br, *;q=0', 'text/html;q=x', 'application/json; charset=utf-7', 'multipart/form-data; boundary=', 'application/x-www-form-urlencoded', 'Thu, 01 Jan 1970 00:00:00 GMT', 'never', '-1', '1e400', 'for=127.0.0.1', 'x'.repeat(4000),
] // prettier-ignore

/** Values that no key expects. */
export const NASTY_VALUES: readonly unknown[] = [
  null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, '', ' ', 'x', '\u0000', '\ud800', '\u202e', '🦆', 'x'.repeat(5000), '1e9', '__proto__', [], {}, [[]], [null], ['c1', 'c1'], { kind: 'x' },
  'name ~ "("', 'name ~ ".*"', '((((', 'number > 1 and', '"', '(a+)+$', '$&$1', '2026-11-21T20:15:00Z', '9999-99-99', 'http://127.0.0.1:9/', 'file:///etc/passwd', '../..', 'c1', 'All', 'rules',
] // prettier-ignore
