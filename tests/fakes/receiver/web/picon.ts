import { deflateSync } from 'node:zlib'
import type { Service } from '../model.ts'

/** The file name (without `.png`) under which a reference's picon lies. */
export function piconName(ref: string): string {
  const [reference = ''] = ref.split('::')
  return reference.split(':').slice(0, 10).join('_')
}

/** The file name made of a channel's name, with the words that stand for signs. */
export function piconNameOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll('&', 'and')
    .replaceAll('+', 'plus')
    .replaceAll('*', 'star')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
}

/** The service whose picon a file name means, by the box's search order; null when there is none. */
export function findByPicon(services: readonly Service[], file: string): Service | null {
  return (
    services.find((service) => service.picon === 'reference' && piconName(service.ref) === file) ??
    services.find((service) => service.picon === 'name' && namesOf(service).includes(file)) ??
    null
  )
}

function namesOf(service: Service): readonly string[] {
  const name = piconNameOf(service.name)
  return [name, name.replace(/(hd|fhd|uhd|sd|4k)$/, '')]
}

const WIDTH = 220
const HEIGHT = 132

/** A picon of 220×132: a shape on a ground, both chosen by the service. */
export function drawPicon(service: Service): Uint8Array {
  const hue = (service.sid * 137) % 360
  const ground = colour(hue, 0.55, 0.3)
  const shape = colour((hue + 150) % 360, 0.8, 0.65)
  const form = service.sid % 4
  const rows = new Uint8Array(HEIGHT * (1 + WIDTH * 4))
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const at = y * (1 + WIDTH * 4) + 1 + x * 4
      const [red, green, blue] = isInside(form, x - WIDTH / 2, y - HEIGHT / 2) ? shape : ground
      rows.set([red, green, blue, isCorner(x, y) ? 0 : 255], at)
    }
  }
  return png(WIDTH, HEIGHT, rows)
}

function isInside(form: number, x: number, y: number): boolean {
  const size = 42
  if (form === 0) return x * x + y * y < size * size
  if (form === 1) return Math.abs(x) + Math.abs(y) < size * 1.2
  if (form === 2) return y > -size && y < size && Math.abs(x) < (y + size) / 1.8
  return Math.abs(x) < size * 1.4 && Math.abs(((y + size * 2) % 34) - 17) < 9 && Math.abs(y) < size
}

function isCorner(x: number, y: number): boolean {
  const radius = 16
  const dx = Math.max(radius - x, x - (WIDTH - 1 - radius), 0)
  const dy = Math.max(radius - y, y - (HEIGHT - 1 - radius), 0)
  return dx * dx + dy * dy > radius * radius
}

function colour(hue: number, saturation: number, lightness: number): readonly [number, number, number] {
  const channel = (offset: number): number => {
    const k = (offset + hue / 30) % 12
    const swing = saturation * Math.min(lightness, 1 - lightness)
    return Math.round(255 * (lightness - swing * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}

/** Rows are filter byte and RGBA. Source: RFC 2083. */
function png(width: number, height: number, rows: Uint8Array): Uint8Array {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, 6, 0, 0, 0], 8)
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  return Uint8Array.from([
    ...signature,
    ...chunk('IHDR', header),
    ...chunk('IDAT', deflateSync(rows)),
    ...chunk('IEND', new Uint8Array()),
  ])
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12)
  const view = new DataView(out.buffer)
  view.setUint32(0, data.length)
  out.set(
    Array.from(type, (letter) => letter.charCodeAt(0)),
    4,
  )
  out.set(data, 8)
  view.setUint32(data.length + 8, crc(out.subarray(4, data.length + 8)))
  return out
}

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  }
  return (value ^ 0xffffffff) >>> 0
}
