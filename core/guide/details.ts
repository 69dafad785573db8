import * as v from 'valibot'

/** The roles of XMLTV, in the order in which its DTD wants them. */
export const CREDIT_ROLES = [
  'director',
  'actor',
  'writer',
  'adapter',
  'producer',
  'composer',
  'editor',
  'presenter',
  'commentator',
  'guest',
] as const

const CreditShape = v.pipe(v.object({ role: v.picklist(CREDIT_ROLES), name: v.string() }), v.readonly())

/** Details as they are stored and handed to fronts. */
export const ProgrammeDetails = v.pipe(
  v.object({
    /** When it was made or first shown: `YYYY` or `YYYYMMDD`. */
    date: v.exactOptional(v.string()),
    /** Age or class, with the system that says so (`FSK`, `12`). */
    rating: v.exactOptional(v.pipe(v.object({ system: v.nullable(v.string()), value: v.string() }), v.readonly())),
    /** Stars as `n/m`. */
    stars: v.exactOptional(v.string()),
    credits: v.exactOptional(v.pipe(v.array(CreditShape), v.readonly())),
    /** Path of its picture below the root of whoever asks (`play/vod/films/m1/poster`). */
    picture: v.exactOptional(v.string()),
    isNew: v.exactOptional(v.literal(true)),
    isPremiere: v.exactOptional(v.literal(true)),
    isLive: v.exactOptional(v.literal(true)),
  }),
  v.readonly(),
)

/** What few sources tell of a programme; what is absent is not known. */
export type ProgrammeDetails = v.InferOutput<typeof ProgrammeDetails>

/** Who took part, and as what. */
export type Credit = v.InferOutput<typeof CreditShape>

/** What somebody did in a programme. */
export type CreditRole = Credit['role']
