/**
 * Layout of a file that holds one import of one document. Never changed in place: a new layout gets a new number, and
 * files of another number are imported again.
 */
export const FEED_FORMAT = 1

/** The tables; their indexes come when they are full. */
export const FEED_TABLES = `
  create table channel (
    id integer primary key,
    folded text not null, -- lower-case: documents spell their own ids in two ways
    channel text not null,
    names text not null, -- JSON array
    icons text not null -- JSON array
  ) strict;
  create table programme (
    channel_id integer not null,
    start integer not null,
    stop integer, -- null: not told
    title text not null,
    subtitle text,
    description text,
    categories text, -- JSON array; null: none
    season integer,
    episode integer,
    repeat integer not null,
    details text -- JSON object; null: nothing of it
  ) strict;
`

/** Made at the end: into a full table in one go, an index costs a tenth of what it costs row by row. */
export const FEED_INDEXES = `
  create unique index channel_folded on channel (folded);
  create index programme_start on programme (channel_id, start);
`
