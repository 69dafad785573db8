/** What is told of a film that there is not: objects, because newer players read `[]` as an error. */
export const NO_FILM = { info: {}, movie_data: {} } as const

/** What is told of a series that there is not. */
export const NO_SERIES = { seasons: [], info: {}, episodes: {} } as const
