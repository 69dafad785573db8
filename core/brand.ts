declare const brand: unique symbol

/** A string or number that only its own constructor function makes, so that ids of different things do not mix. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
