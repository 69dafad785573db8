import { generateKeyPairSync, sign } from 'node:crypto'

/** What a TLS server needs, as PEM. */
export type SelfSigned = { readonly key: string; readonly cert: string }

const ECDSA_WITH_SHA256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
const COMMON_NAME = [0x06, 0x03, 0x55, 0x04, 0x03]

/** A certificate that nobody trusts, as every box makes one for itself. Source: RFC 5280, 4.1 (version 1, no extensions). */
export function makeSelfSigned(name: string): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const algorithm = der(0x30, ECDSA_WITH_SHA256)
  const utf8Name = der(0x0c, [...new TextEncoder().encode(name)])
  const distinguishedName = der(0x30, der(0x31, der(0x30, [...COMMON_NAME, ...utf8Name])))
  const validity = der(0x30, [...utcTime('200101000000Z'), ...utcTime('491231235959Z')])
  const publicInfo = [...publicKey.export({ type: 'spki', format: 'der' })]
  const serial = [0x02, 0x01, 0x01]
  const body = der(0x30, [
    ...serial,
    ...algorithm,
    ...distinguishedName,
    ...validity,
    ...distinguishedName,
    ...publicInfo,
  ])
  const signature = sign('sha256', Uint8Array.from(body), { key: privateKey, dsaEncoding: 'der' })
  const certificate = der(0x30, [...body, ...algorithm, ...der(0x03, [0, ...signature])])
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: `-----BEGIN CERTIFICATE-----\n${base64(certificate)}-----END CERTIFICATE-----\n`,
  }
}

/** Tag, length, content. */
function der(tag: number, content: readonly number[]): readonly number[] {
  const { length } = content
  if (length < 0x80) return [tag, length, ...content]
  if (length < 0x100) return [tag, 0x81, length, ...content]
  return [tag, 0x82, length >> 8, length & 0xff, ...content]
}

function utcTime(text: string): readonly number[] {
  return der(0x17, [...new TextEncoder().encode(text)])
}

function base64(bytes: readonly number[]): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll(/.{1,64}/g, '$&\n')
}
