-- Ids are sequential, given by the one writer, never reused. Times are RFC 3339 UTC, dates YYYY-MM-DD, both as text.
-- Facts about children stand in record_body and child only; everything else carries ids, codes and counts.

-- One kind of file of one source (one installation).
create table stream (
  id integer primary key,
  source text not null,
  source_no integer not null,            -- number of the installation: equal for all streams of one source
  connector text not null,
  dataset text not null,
  roll integer not null,                 -- a complete file of it is a school's own full roll
  laestab text,
  max_age_days integer,
  latest text,
  latest_complete text,
  unique (source, dataset)
) strict;

-- Schools that a list of several schools (independent, over the border) names, with the day of the newest list that did.
create table stream_school (
  stream integer not null references stream (id),
  laestab text not null,
  latest text not null,
  primary key (stream, laestab)
) strict;

-- One file as it came, with what became of its rows.
create table payload (
  id integer primary key,
  source text not null,
  connector text not null,
  dataset text,
  stream integer references stream (id),
  mapping text,
  mapping_version text,
  file text not null,
  sha256 text not null,
  bytes integer not null,
  landed_at text not null,
  as_of text,
  complete integer not null,
  headings text not null,                -- JSON list, as they stand in the file
  by_name text not null,
  state text not null check (state in ('read', 'broken', 'failed', 'duplicate')),
  reason text,
  duplicate_of integer references payload (id),
  finished_at text,
  rows_read integer not null default 0,
  accepted integer not null default 0,
  unchanged integer not null default 0,
  quarantined integer not null default 0,
  rejected integer not null default 0,
  check (rows_read = accepted + unchanged + quarantined + rejected)
) strict;
create index payload_bytes on payload (source, sha256);
create index payload_stream on payload (stream);

-- What became of each row, as ranges: 1 accepted, 2 unchanged, 3 quarantined, 4 rejected.
create table payload_fate (
  payload integer not null references payload (id),
  first_row integer not null,
  last_row integer not null,
  fate integer not null check (fate between 1 and 4),
  primary key (payload, first_row),
  check (first_row <= last_row)
) strict;

create table payload_problem (
  payload integer not null references payload (id),
  code text not null,
  heading text not null,
  found integer not null,
  primary key (payload, code, heading)
) strict;

-- Mapping texts by version, for replay and for the provenance of a value.
create table mapping_text (
  id text not null,
  version text not null,
  body text not null,
  primary key (id, version)
) strict;

create table child (
  id integer primary key,
  display text not null,
  folded text not null,                  -- all names of all records, folded, separated by '|'
  dob text,
  upn text,
  restricted integer not null,
  merged_into integer references child (id)
) strict;

-- What one source told about one child. Never edited but for its state: 0 current, 1 gone, 2 superseded.
create table record (
  id integer primary key,
  child integer not null references child (id),
  stream integer not null references stream (id),
  payload integer not null references payload (id),
  row_no integer not null,
  state integer not null check (state between 0 and 2),
  key text not null,
  digest blob not null,
  rule text not null,
  link text not null,
  replaces integer,
  seen text,                             -- newest date on which a partial file told it again
  gone text                              -- date of the complete file that no longer had it
) strict;
create index record_child on record (child, state);  -- state: superseded versions pile up and must not be looked at
create index record_place on record (payload, row_no);
create index record_held on record (stream) where state < 2;

create table record_body (
  id integer primary key references record (id),
  body text not null
) strict;

-- A record went from a complete file, or came back.
create table record_event (
  id integer primary key,
  record integer not null references record (id),
  kind text not null check (kind in ('gone', 'back')),
  payload integer not null references payload (id),
  as_of text not null
) strict;
create index record_event_record on record_event (record);

-- A row that waits for a person; one item however often the row comes again.
create table held_row (
  id integer primary key,
  source text not null,
  key text not null,
  payload integer not null references payload (id),
  row_no integer not null,
  line_no integer not null,
  sheet text,
  code text not null,
  heading text not null,
  raw text not null,
  problems text not null,
  first_payload integer not null references payload (id),
  state text not null check (state in ('open', 'fixed', 'rejected', 'gone')),
  record integer references record (id)
) strict;
create unique index held_row_live on held_row (source, key) where state in ('open', 'rejected');
create index held_row_payload on held_row (payload);

-- Where the row stood each time it came: identical rows without a key are one item with several places.
create table held_row_place (
  payload integer not null references payload (id),
  row_no integer not null,
  held_row integer not null references held_row (id),
  primary key (payload, row_no)
) strict;
create index held_row_place_item on held_row_place (held_row);

-- A value that a person put right; applied again wherever the same raw value comes.
create table fix (
  id integer primary key,
  source text not null,
  key text not null,
  heading text not null,
  raw text not null,
  value text not null,
  by_name text not null,
  by_role text not null,
  reason text not null,
  at text not null
) strict;
create index fix_source on fix (source);

create table rejection (
  id integer primary key,
  source text not null,
  key text not null,
  digest text not null,
  by_name text not null,
  by_role text not null,
  reason text not null,
  at text not null
) strict;
create index rejection_source on rejection (source);

-- A link that waits for a person.
create table review (
  id integer primary key,
  record integer not null references record (id),
  provisional integer not null references child (id),
  candidate integer not null references child (id),
  rule text not null,
  agreed text not null,
  differed text not null,
  payload integer not null references payload (id),
  state text not null check (state in ('open', 'same', 'different'))
) strict;
create index review_open on review (record) where state = 'open';
create index review_record on review (record);

-- A person's word on two records, kept for ever; undone is a mark, not a deletion.
create table link_decision (
  id integer primary key,
  one_source text not null, one_dataset text not null, one_key text not null,
  other_source text not null, other_dataset text not null, other_key text not null,
  same integer not null,
  review integer references review (id),
  by_name text not null, by_role text not null, reason text not null, at text not null,
  undone_by text, undone_role text, undone_reason text, undone_at text
) strict;

create table child_merge (
  id integer primary key,
  from_child integer not null references child (id),
  into_child integer not null references child (id),
  decision integer references link_decision (id),
  by_name text not null, by_role text not null, reason text not null, at text not null,
  undone_by text, undone_reason text, undone_at text
) strict;
create table child_merge_record (
  merge integer not null references child_merge (id),
  record integer not null references record (id),
  primary key (merge, record)
) strict;

create index child_merge_from on child_merge (from_child);
create index child_merge_into on child_merge (into_child);

-- Open reviews with the children as they are now: a merge may have moved either; both in one child = nothing left to decide.
create view review_now as
with recursive final (review, child) as (
  select id, candidate from review where state = 'open'
  union all
  select f.review, c.merged_into from final f join child c on c.id = f.child where c.merged_into is not null
)
select v.id, v.record, r.child as provisional, f.child as candidate, v.rule, v.agreed, v.differed, v.payload, v.state
from review v
join record r on r.id = v.record
join final f on f.review = v.id
join child c on c.id = f.child and c.merged_into is null
where v.state = 'open' and r.child <> f.child;

-- A snapshot that would end too much: its endings wait for a person's word.
create table hold (
  payload integer primary key references payload (id),
  stream integer not null references stream (id),
  as_of text not null,
  ending integer not null,
  of_total integer not null,
  reason text not null,
  state text not null check (state in ('waiting', 'released', 'overtaken')),
  by_name text, by_role text, why text, at text, applied integer
) strict;
create table hold_record (
  payload integer not null references hold (payload),
  record integer not null references record (id),
  primary key (payload, record)
) strict;

create table finding (
  id integer primary key,
  rule text not null,
  child integer not null references child (id),
  grade text,
  reason text,
  priority integer not null,
  factors text not null,
  since text not null,
  due text,
  owner text not null,
  evidence text not null,
  summary text not null,
  opened text not null,
  closed text
) strict;
create unique index finding_open on finding (child, rule) where closed is null;
create index finding_child on finding (child);

create table finding_event (
  id integer primary key,
  finding integer not null references finding (id),
  kind text not null check (kind in ('opened', 'changed', 'closed')),
  as_of text not null,
  at text not null,
  grade text,
  reason text,
  priority integer not null
) strict;
create index finding_event_finding on finding_event (finding);

-- Single dates of the whole store, such as the day of the last check.
create table milestone (
  name text not null primary key,
  day text not null
) strict;
