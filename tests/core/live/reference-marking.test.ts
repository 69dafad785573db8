import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PesUnit } from '../../../core/live/pes-unit.ts'
import { withoutForeignReferences } from '../../../core/live/reference-marking.ts'

// Pictures are written here bit by bit from ITU-T H.264, 7.3; nothing of the reader is used.

/** Unsigned exp-Golomb. */
const ue = (value: number): string => {
  const bits = (value + 1).toString(2)
  return '0'.repeat(bits.length - 1) + bits
}
const u = (value: number, bits: number): string => value.toString(2).padStart(bits, '0')

function nal(header: number, bits: string): number[] {
  const whole = `${bits}1${'0'.repeat((8 - ((bits.length + 1) % 8)) % 8)}`
  const out: number[] = [0, 0, 1, header]
  let zeros = 0
  for (const [text] of whole.matchAll(/.{8}/g)) {
    const byte = Number.parseInt(text, 2)
    if (zeros >= 2 && byte <= 3) {
      out.push(3)
      zeros = 0
    }
    out.push(byte)
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return out
}

type Shape = {
  readonly refs?: number
  readonly isInterlaced?: boolean
  readonly isWeighted?: boolean
  readonly profile?: number
}

/** log2_max_frame_num is 4, pic_order_cnt_type 0 with 4 bits. */
function parameters({ refs = 2, isInterlaced = false, isWeighted = false, profile = 77 }: Shape): number[] {
  const high = profile === 100 ? ue(1) + ue(0) + ue(0) + `01${'0'.repeat(8)}` : ''
  const sps = `${u(profile, 8)}${u(0, 8)}${u(30, 8)}${ue(0)}${high}${ue(0)}${ue(0)}${ue(0)}${ue(refs)}0${ue(39)}${ue(22)}${isInterlaced ? '00' : '1'}1000`
  const pps = `${ue(0)}${ue(0)}11${ue(0)}${ue(1)}${ue(0)}${isWeighted ? '1' : '0'}00${ue(0)}${ue(0)}${ue(0)}100`
  return [...nal(0x67, sps), ...nal(0x68, pps)]
}

type Slice = {
  readonly type: 'i' | 'p'
  readonly frameNum: number
  /** Pairs of operation and number; null: a sliding window. */
  readonly orders?: readonly (readonly [number, number])[] | null
  readonly isField?: boolean
}

/** Some picture data, with bytes that need emulation prevention. */
const DATA = u(0xabcdef, 24) + '0'.repeat(40) + u(0x123456, 24)

function slice({ type, frameNum, orders = null, isField = false }: Slice, shape: Shape): number[] {
  const lists = type === 'p' ? '00' : ''
  const weights =
    type === 'p' && shape.isWeighted ? ue(5) + ue(5) + ('1' + ue(3) + ue(4) + '1' + ue(1).repeat(4)) + '00' : ''
  const marking = orders === null ? '0' : `1${orders.map(([kind, value]) => ue(kind) + ue(value)).join('')}${ue(0)}`
  const fields = shape.isInterlaced ? (isField ? '10' : '0') : ''
  const order = u(6, 4) + (isField ? '' : ue(0))
  return nal(
    0x61,
    ue(0) + ue(type === 'i' ? 7 : 5) + ue(0) + u(frameNum, 4) + fields + order + lists + weights + marking + DATA,
  )
}

/** One picture as a PES packet in transport packets. */
function unit(bytes: readonly number[], pts: number): PesUnit {
  const pes = [0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, 0x21, 0, 1, 0, 1, 0xff, ...bytes]
  const packets: number[] = []
  for (let at = 0; at < pes.length; at += 20) {
    // Small payloads, so that headers run over packets.
    const part = pes.slice(at, at + 20)
    packets.push(0x47, at === 0 ? 0x41 : 0x01, 0, 0x30 | ((at / 20) & 15), 183 - part.length, 0)
    packets.push(...Array.from({ length: 182 - part.length }, () => 0xff), ...part)
  }
  return {
    pid: 0x100,
    pts90k: pts,
    dts90k: pts,
    randomAccess: pts === 0,
    leading: false,
    bytes: Uint8Array.from(packets),
  }
}

const picture = (slices: readonly Slice[], shape: Shape, at: number): PesUnit =>
  unit([...(at === 0 ? parameters(shape) : []), ...slices.flatMap((one) => slice(one, shape))], at * 3600)

/** What becomes of a start with these pictures. */
const start = (shape: Shape, pictures: readonly (readonly Slice[])[]): readonly PesUnit[] =>
  withoutForeignReferences(pictures.map((slices, at) => picture(slices, shape, at)))

for (const { name, shape, first, second, expected } of [
  {
    name: 'an order about a picture of the GOP before',
    shape: {},
    first: { type: 'i', frameNum: 0 },
    second: { type: 'p', frameNum: 1, orders: [[1, 1]] },
    expected: [[4, 0]],
  },
  {
    name: 'longer numbers of the same kind',
    shape: { refs: 4 },
    first: { type: 'i', frameNum: 0 },
    second: {
      type: 'p',
      frameNum: 1,
      orders: [
        [1, 3],
        [1, 7],
      ],
    },
    expected: [
      [4, 1],
      [4, 3],
    ],
  },
  {
    name: 'the order that an open-GOP I picture itself carries',
    shape: {},
    first: { type: 'i', frameNum: 0, orders: [[1, 1]] },
    second: { type: 'p', frameNum: 1 },
    expected: null,
  },
  {
    name: 'orders of fields, which count twice',
    shape: { isInterlaced: true },
    first: { type: 'i', frameNum: 0, isField: true },
    second: { type: 'p', frameNum: 1, isField: true, orders: [[1, 3]] },
    expected: [[4, 1]],
  },
  {
    name: 'orders behind weights and scaling lists',
    shape: { isWeighted: true, profile: 100 },
    first: { type: 'i', frameNum: 0 },
    second: { type: 'p', frameNum: 1, orders: [[1, 2]] },
    expected: [[4, 0]],
  },
] as const satisfies readonly { name: string; shape: Shape; first: Slice; second: Slice; expected: Slice['orders'] }[])
  test(`withoutForeignReferences() replaces ${name}, bit for bit`, () => {
    const orders: Slice['orders'] = expected
    const wanted = [
      [{ ...first, ...('orders' in first ? { orders: [[4, 0]] as const } : {}) }],
      [{ ...second, orders }],
    ].map((slices, at) => picture(slices, shape, at))
    assert.deepEqual(start(shape, [[first], [second]]), wanted)
  })

const fourSlices = (orders: Slice['orders']): Slice[] =>
  Array.from({ length: 4 }, () => ({ type: 'p' as const, frameNum: 1, orders: orders ?? null }))

test('withoutForeignReferences() treats every slice of a picture', () => {
  const [, second] = start({}, [[{ type: 'i', frameNum: 0 }], fourSlices([[1, 1]])])
  assert.deepEqual(second, picture(fourSlices([[4, 0]]), {}, 1))
})

test('withoutForeignReferences() counts on over the wrap of frame numbers', () => {
  const pictures: Slice[][] = [[{ type: 'i', frameNum: 1 }]]
  for (let at = 1; at < 20; at++) pictures.push([{ type: 'p', frameNum: (1 + at) % 16 }])
  // Number 17 of all forgets number 15: it is there.
  pictures.push([{ type: 'p', frameNum: 5, orders: [[1, 1]] }])
  assert.deepEqual(start({}, pictures).at(-1), picture(pictures.at(-1) ?? [], {}, 20))
})

for (const { name, first, second } of [
  { name: 'an order about a picture that was sent', first: 3, second: { type: 'p', frameNum: 4, orders: [[1, 0]] } },
  {
    name: 'an order about a picture that FFmpeg makes up for the gap in front',
    first: 8,
    second: { type: 'p', frameNum: 9, orders: [[1, 1]] },
  },
  { name: 'a sliding window', first: 0, second: { type: 'p', frameNum: 1 } },
  { name: 'orders about long-term pictures', first: 0, second: { type: 'p', frameNum: 1, orders: [[2, 1]] } },
] as const satisfies readonly { name: string; first: number; second: Slice }[])
  test(`withoutForeignReferences() leaves ${name}, and does not copy`, () => {
    const units = [picture([{ type: 'i', frameNum: first }], {}, 0), picture([second], {}, 1)]
    const out = withoutForeignReferences(units)
    assert.ok(out.every((one, index) => one === units[index]))
  })

test('withoutForeignReferences() leaves pictures alone that it cannot read', () => {
  const broken = unit([0, 0, 1, 0x61, 0, 0, 1, 0x67, 1, 2, 3, 0, 0, 1, 0x68, 0xff, 0, 0, 1, 0x61, 0xff, 0xff], 0)
  assert.deepEqual(withoutForeignReferences([broken, broken]), [broken, broken])
  assert.deepEqual(withoutForeignReferences([]), [])
})
