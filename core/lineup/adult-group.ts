/** Providers' words for such groups; a channel that is in one of them is for adults, whatever else it is in. */
const ADULT = /(^|[^\p{L}])(xxx|adults?|porn\w*|erotica?|erotik|erwachsene|18\s*\+|\+\s*18)([^\p{L}\p{N}]|$)/iu

/** Whether a group is for adults, by its name. */
export const isAdultGroup = (name: string): boolean => ADULT.test(name)
