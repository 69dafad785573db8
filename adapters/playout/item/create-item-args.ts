import type { Looks } from '../../../core/linear/looks.ts'
import type { PlanItem } from '../../../core/linear/plan-item.ts'
import type { ItemArgs } from '../ports.ts'
import type { ItemTools } from './filters.ts'
import type { HouseStyle } from './house-output.ts'
import { itemArgs } from './item-args.ts'
import { liveInput, NO_PROPS } from './item-intent.ts'
import type { ItemPropsMaker } from './item-props.ts'
import { keyFrameBefore } from './key-frame.ts'

/** Times of every piece begin here, 90 kHz; the joiner puts them where they belong. */
const START_90K = 10 * 90_000

/** What the pieces of one channel are made with. */
export type ChannelItems = {
  readonly style: HouseStyle
  readonly looks: Looks
  /** The logo's file; absolute. Null: there is none. */
  readonly logoFile: string | null
  readonly ffmpeg: { readonly path: string }
  /** Asked for once, when the first piece is made. */
  readonly tools: () => Promise<ItemTools>
  readonly props: ItemPropsMaker
}

/** The playout's port for arguments: makes ready what a piece needs, and finds the key frame where a picture is copied. */
export const createItemArgs =
  ({ style, looks, logoFile, ffmpeg, tools, props }: ChannelItems): ItemArgs =>
  async ({ item, input, duration90k, startsAt, encoder, isPlain }, signal) => {
    const file = input.kind === 'file' ? input.file : null
    const { title, subtitle } = item.guide
    const wish = { style, looks, file, title: { headline: title, text: subtitle }, logoFile }
    const copies = style.house.mode !== 'normalise' && !isPlain && input.kind === 'file' && input.seekMs > 0
    const [has, made, keyMs] = await Promise.all([
      tools(),
      isPlain ? NO_PROPS : props.prepare(wish, signal),
      copies ? keyFrameBefore(ffmpeg.path, { path: input.file.path, inMs: input.seekMs }, signal) : null,
    ])
    const inMs = input.kind === 'file' ? (keyMs ?? input.seekMs) : 0
    return itemArgs({
      ...style,
      looks,
      file: input.kind === 'file' ? input.file : liveInput(input.hasSound),
      inMs,
      duration90k,
      offset90k: START_90K,
      wallStart: startsAt,
      encoder,
      tools: has,
      props: made,
      isFiller: FILLERS.has(item.kind),
      isAtKeyFrame: keyMs !== null || inMs === 0,
      isPlain,
    })
  }

/** What no logo belongs on. */
const FILLERS: ReadonlySet<PlanItem['kind']> = new Set(['filler', 'break', 'bumper'])
