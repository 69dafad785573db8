/** Layout of `downlink.db`: what cannot be fetched again. Steps are only ever added at the end. */
export const HOUSE_STEPS: readonly string[] = [
  `
  create table store (name text primary key, value text not null) strict, without rowid;

  create table channel (
    key integer primary key,
    number text not null,
    own_name text,
    enabled integer not null
  ) strict;
  create table stream (
    channel_key integer not null references channel (key) on delete cascade,
    position integer not null,
    source_id text not null,
    item text not null,
    name text not null,
    media text not null,
    service_ref text,
    program_number integer,
    slot_key text not null,
    groups text not null, -- JSON array of names
    has_logo integer not null,
    guide_feed text,
    guide_channel text,
    gone_since integer,
    primary key (channel_key, position)
  ) strict, without rowid;
  create table source_group (
    source_position integer not null,
    position integer not null,
    source_id text not null,
    name text, -- null: the source has no groups
    primary key (source_position, position)
  ) strict, without rowid;

  create table account (
    name text not null,
    folded_name text primary key, -- lower-case, so that names differ by more than case
    role text not null,
    password_hash text not null,
    created_at integer not null,
    generation integer not null
  ) strict, without rowid;
  create table token (
    id text primary key,
    kind text not null,
    name text not null,
    account text, -- lower-case
    created_at integer not null,
    last_seen integer,
    revoked_at integer
  ) strict, without rowid;
  create index token_account on token (account) where account is not null;
  create table ended_session (id text primary key, expires_at integer not null) strict, without rowid;
  create table setting (key text primary key, value text not null, sealed integer not null) strict, without rowid;
  `,
  // The line-up of several sources: more of the owner's choices, and why a stream is in its channel.
  `
  alter table channel add column own_enabled integer; -- null: as the rules say
  update channel set own_enabled = 0 where enabled = 0;
  alter table channel drop column enabled;
  alter table channel add column favourite integer not null default 0;
  alter table channel add column added_groups text not null default '[]'; -- JSON arrays of keys
  alter table channel add column removed_groups text not null default '[]';
  alter table channel add column own_order integer not null default 0;
  alter table channel add column apart text not null default '[]';

  alter table stream add column join_kind text not null default 'first';
  alter table stream add column join_score real not null default 1;
  alter table stream add column join_evidence text not null default '';
  update stream set join_kind = 'service', join_evidence = 'Same broadcast service' where position > 0;

  create table own_group (
    key integer primary key,
    source_name text, -- null: the owner's own
    own_name text,
    hidden integer not null,
    logo text,
    sort text not null,
    members text not null, -- JSON array of channel keys
    position integer
  ) strict;
  create table selection (
    id text primary key,
    list_position integer not null,
    name text not null,
    filter text,
    members text not null, -- JSON array of channel keys
    sort text not null
  ) strict, without rowid;
  create table rule (position integer primary key, document text not null) strict;
  `,
  // A device that shows no error of its own may ask for slates.
  'alter table token add column slate integer not null default 0',
  `
  -- What was decided about the guide of a channel: JSON array of {feed, channel, shiftMinutes}, the first counts most.
  create table guide_choice (
    channel_key integer primary key references channel (key) on delete cascade,
    decided_by text not null,
    layers text not null
  ) strict;
  `,
  `
  -- A large change of the line-up, piece by piece: written before it counts, carried out when it does.
  create table lineup_change (position integer primary key, channels text not null) strict; -- JSON array
  `,
  `
  -- Numbers of films and series for clients that know numbers only; never deleted, never given twice.
  create table vod_number (
    number integer primary key autoincrement,
    source_id text not null,
    kind text not null,
    item text not null,
    unique (source_id, kind, item)
  ) strict;
  insert into sqlite_sequence (name, seq) values ('vod_number', 1073741824); -- above all channel keys there are
  `,
  // How far back a source can replay a stream, hours; null: not at all.
  'alter table stream add column past_hours real',
  `
  -- Sources and guides that the owner added here, not in the file.
  create table config_entry (
    list text not null, -- source, guide
    id text not null,
    document text not null, -- JSON object as it may be shown
    sealed text not null, -- the whole entry, encrypted
    revision text not null,
    primary key (list, id)
  ) strict;
  `,
  `
  -- Short addresses of viewing links: a MAC over the code, not the code.
  create table short_link (
    digest text primary key,
    token_id text not null unique references token (id) on delete cascade,
    created_at integer not null,
    expires_at integer not null
  ) strict, without rowid;
  `,
  // People: what they may see, and tokens of their own. Whoever was there before goes on seeing everything.
  `
  alter table account add column limits text not null
    default '{"maxStreams":null,"groups":null,"selections":null,"adultLock":false,"expiresAt":null}'; -- JSON object
  alter table token add column owner text; -- lower-case
  update token set owner = account;
  alter table token add column digest text; -- SHA-256 of a random token, base64url
  alter table token add column scope text not null default 'write';
  create unique index token_digest on token (digest) where digest is not null;
  `,
  `
  -- Who changed what, the last ones.
  create table audit (
    id integer primary key,
    at integer not null,
    who text, -- null: nobody who signed in
    by text not null,
    address text not null,
    action text not null,
    status integer not null
  ) strict;
  `,
  `
  -- Pictures that the owner gave to channels, by what is in them.
  create table picture (name text primary key, bytes blob not null) strict;
  alter table channel add column own_logo text; -- name of a picture; null: as the sources have it
  `,
  `
  -- Channels of one's own: what is planned, and what is shown in its place for now.
  create table schedule (
    id text primary key,
    library text not null, -- id of the source
    document text not null, -- JSON object
    revision text not null
  ) strict;
  create table schedule_override (
    id text primary key, -- also of channels that the configuration file manages
    overrides text not null -- JSON array of objects
  ) strict;
  create table schedule_publication (
    id text primary key,
    key text not null, -- of what was written when it was published
    revisions text not null -- JSON array: what is planned, with the files that filters found
  ) strict;
  `,
  // Streams that the owner has switched off; null: on.
  'alter table stream add column off integer',
  `
  -- Short addresses of one selection, for one program; null: all channels, any program.
  alter table short_link add column selection text;
  alter table short_link add column client text;
  `,
]

/** Layout of `guide.db`: what sources tell again. Instants are epoch milliseconds. */
export const GUIDE_STEPS: readonly string[] = [
  `
  create table store (name text primary key, value text not null) strict, without rowid;

  create table guide_channel (
    id integer primary key,
    feed text not null,
    channel text not null,
    fetched_at integer not null,
    unique (feed, channel)
  ) strict;
  create table programme (
    channel_id integer not null references guide_channel (id) on delete cascade,
    start integer not null,
    stop integer not null,
    title text not null,
    subtitle text,
    description text,
    categories text not null, -- JSON array of words
    season integer,
    episode integer,
    repeat integer not null,
    primary key (channel_id, start)
  ) strict, without rowid;
  `,
  `
  alter table programme add column details text; -- JSON object; null: nothing of it

  -- Guides that came as one document: each import is a file of its own, and this says which one counts.
  create table document_feed (
    name text primary key,
    file text not null,
    etag text,
    last_modified text,
    digest text not null, -- of the content, so that the same content again changes nothing
    fetched_at integer not null, -- when it was last known to be the newest
    imported_at integer not null,
    channels integer not null,
    programmes integer not null,
    first_start integer,
    last_start integer,
    problems text not null -- JSON array of {line, message}
  ) strict, without rowid;
  `,
  `
  -- What showed whether a source works: the last ones of each.
  create table source_event (
    id integer primary key,
    source_id text not null,
    at integer not null,
    kind text not null,
    ms integer,
    code text, -- of the failure; null: it went well
    detail text
  ) strict;
  create index source_event_source on source_event (source_id, id);
  `,
  `
  -- Long work: what runs, and how the last ones ended.
  create table job (
    id text primary key,
    kind text not null,
    subject text, -- null: the whole house, or a draft
    name text not null,
    asked_by text, -- null: the schedule
    state text not null,
    queued_at integer not null,
    started_at integer,
    ended_at integer,
    progress text, -- JSON object; null: nothing was told
    facts text not null, -- JSON object
    code text, -- of the failure
    detail text
  ) strict, without rowid;
  `,
]
