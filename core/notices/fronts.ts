/** What owners are told of a front. In a file of its own: the bundle of a front is small. */
export const FRONT_NOTICES = {
  'front/mixed':
    'The adapter is reached by http but this front by https: browsers refuse to play that. Give the adapter an https address',
} as const
