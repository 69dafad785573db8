/**
 * Steps of a library's own file, for `migrate`. The file may be deleted: a scan fills it again. What is lost then is what
 * was measured, when files came, and the ids of files that were renamed.
 */
export const LIBRARY_STEPS: readonly string[] = [
  `
  create table item (
    key integer primary key,
    id text not null unique,
    path text not null unique, -- relative, with /
    bytes integer not null,
    modified_at integer not null,
    inode text not null, -- device and number
    fingerprint text, -- of the content; null: not read yet
    added_at integer not null,
    missing_since integer, -- null: it is there
    note_sign text not null, -- which notes the words were made of
    artwork text, -- path of a picture beside it
    kind text not null,
    title text not null,
    series text,
    season integer,
    episode integer,
    last_episode integer,
    year integer,
    plot text,
    genres text not null, -- JSON array
    rating text, -- JSON object
    aired_on text,
    name_key text not null, -- order by name
    facts text, -- JSON object
    duration_ms integer,
    has_cover integer not null default 0,
    problem text,
    is_passing integer not null default 0, -- the problem may be over by itself: looked into at every scan
    loudness text, -- JSON object; null: not measured, or silent
    breaks text, -- JSON array of what was found; null: nothing was looked for
    is_measured integer not null default 0,
    has_picture integer -- 1: one was made; 0: none can be; null: not tried
  ) strict;
  create index item_name on item (name_key);
  create index item_added on item (added_at);
  create index item_series on item (series);
  create index item_bytes on item (bytes);
  create index item_missing on item (missing_since) where missing_since is not null;
  create table state (name text primary key, value text not null) strict, without rowid;
  `,
  // What is asked again and again while rows are long: what is still to be done, and how many there are of each.
  `
  create index item_unprobed on item (key) where facts is null and problem is null and missing_since is null;
  create index item_unmeasured on item (added_at, key)
    where is_measured = 0 and facts is not null and missing_since is null;
  create index item_counts on item (kind, missing_since, (problem is not null));
  create index item_problem on item (is_passing) where problem is not null;
  `,
]
