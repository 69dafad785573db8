/** Layout of `history.db`: what happened. Instants are epoch milliseconds; steps are only ever added at the end. */
export const HISTORY_STEPS: readonly string[] = [
  `
  -- Who watched what; see core/history/viewing.ts.
  create table viewing (
    id text primary key,
    viewer_id text not null,
    kind text not null,
    channel_id text, -- null: a film
    title text not null,
    source_id text,
    stream_id text,
    mode text not null,
    quality text not null,
    user text,
    player text,
    address text,
    started_at integer not null,
    last_seen integer not null,
    ended_at integer, -- null: it goes on
    bytes integer not null,
    reason text,
    code text,
    switch_count integer not null,
    switches text not null, -- JSON arrays of objects
    errors integer not null,
    error_minutes text not null
  ) strict, without rowid;
  create index viewing_started on viewing (started_at);
  create index viewing_channel on viewing (channel_id, started_at);
  create index viewing_ended on viewing (ended_at);

  -- How busy the house was, five minutes at a time.
  create table sample (at integer primary key, document text not null) strict; -- JSON object
  `,
  `
  -- What is and was wrong, messages about it that wait, and tries to deliver them; JSON objects.
  create table alert (id text primary key, last_seen integer not null, document text not null) strict, without rowid;
  create table alert_message (
    id text primary key,
    created_at integer not null,
    document text not null
  ) strict, without rowid;
  create table alert_delivery (id integer primary key, document text not null) strict;
  `,
  `
  -- The history by person and by source; people are found in any case.
  create index viewing_person on viewing (lower(user), started_at);
  create index viewing_source on viewing (source_id, started_at);
  `,
]
