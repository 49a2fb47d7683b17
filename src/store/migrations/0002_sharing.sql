-- What is told to whom: changes of address without a child, restrictions, the outbox, the disclosure log, tasks.
-- Personal data stands in household_change.body, message.content and message.address only, and people may write some into
-- their reasons (restriction.reason, restriction.lifted_why, message.released_why, message_act.reason, task.reason).
-- Everything else carries ids, codes, counts and words without a value of a child.

-- A change of address of which no child is named: whoever lives at the old address moved.
create table household_change (
  id integer primary key,
  stream integer not null references stream (id),
  payload integer not null references payload (id),
  row_no integer not null,
  key text not null,
  reference text not null,
  digest blob not null,
  cause text not null,
  body text not null,                    -- personal data: JSON of the record, the named adults' names with it
  state text not null check (state in ('open', 'resolved', 'superseded')),
  resolved integer references payload (id)  -- the payload under which its records were stored; none where a person answered
) strict;
create unique index household_change_live on household_change (stream, key) where state <> 'superseded';
create index household_change_open on household_change (id) where state = 'open';

-- A person's word that nothing of a child is sent; what sources say of it stands in child.restricted.
create table restriction (
  id integer primary key,
  child integer not null references child (id),      -- of whom it was said
  child_now integer not null references child (id),  -- that child as it is now: merges, and their undoing, keep it so
  reason text not null,
  by_name text not null, by_role text not null, at text not null,
  lifted_by text, lifted_role text, lifted_why text, lifted_at text
) strict;
create index restriction_live on restriction (child_now) where lifted_at is null;

-- One message to one recipient about one child. Its lane is recipient and child_now: in a lane one goes after the other.
create table message (
  id integer primary key,
  recipient text not null,
  purpose text not null,
  child integer not null references child (id),      -- as it was sealed
  child_now integer not null references child (id),  -- that child as it is now: merges, and their undoing, keep it so
  finding integer references finding (id),
  address text not null,                 -- personal data: JSON of the address that is told
  content text,                          -- personal data: the sealed message; none as long as no agreement allows it
  digest text,                           -- SHA-256 of the content
  routes text not null,                  -- JSON list: the ways of the agreement in order, 'folder:8524001', 'email'
  channel integer not null default 0,    -- the place in that list
  route text,                            -- what stands at that place
  state text not null check (state in ('waiting', 'leased', 'sent', 'received', 'unknown', 'held', 'dead', 'cancelled')),
  hold text check (hold in ('restricted', 'release', 'no-agreement', 'outcome-unknown')),
  reason text,
  attempts integer not null default 0,
  tried integer not null default 0,      -- attempts on the present channel
  due text,
  leased_by text,
  leased_until text,
  sequence integer,
  file_name text,
  sent_at text,
  collect_by text,
  alerted_at text,
  received_at text,
  released_by text, released_role text, released_why text, released_at text,
  released_restricted integer not null default 0,  -- the release was given although the child is restricted
  created text not null,
  check ((state = 'held') = (hold is not null)),
  check ((state = 'leased') = (leased_by is not null)),
  check ((leased_by is null) = (leased_until is null)),
  check ((content is null) = (digest is null)),
  check (content is not null or state in ('held', 'cancelled'))
) strict;
create index message_lane on message (recipient, child_now, id) where state in ('waiting', 'leased', 'unknown', 'held');
create index message_due on message (due, id) where state in ('waiting', 'unknown');
create index message_pending on message (id) where state in ('waiting', 'leased', 'unknown', 'held', 'dead');
create index message_told on message (child_now, recipient, sent_at) where state in ('sent', 'received');
create index message_there on message (collect_by, id) where state = 'sent' and (collect_by is not null or route <> 'email');
create index message_leased on message (id) where state = 'leased';
create index message_unknown on message (id) where state = 'unknown';
create index message_child on message (child_now);

-- Every try at sending. The outcome is open while it runs, and after a crash until it is found out.
create table attempt (
  id integer primary key,
  message integer not null references message (id),
  number integer not null,
  route text not null,
  by_run text not null,
  started text not null,
  ended text,
  outcome text check (outcome in ('sent', 'received', 'retry', 'next-channel', 'held', 'dead', 'unknown')),
  detail text,
  unique (message, number),
  check ((ended is null) = (outcome is null))
) strict;

-- What a person did with a message.
create table message_act (
  id integer primary key,
  message integer not null references message (id),
  kind text not null check (kind in ('released', 'retried', 'cancelled')),
  by_name text not null, by_role text not null, reason text, at text not null
) strict;
create index message_act_message on message_act (message);

-- The last number given to a file for a recipient; given in the transaction that takes the message up, never twice.
create table file_sequence (
  recipient text not null,
  name text not null,
  last integer not null,
  primary key (recipient, name)
) strict;

-- A channel that failed several times in a row rests: kept over runs.
create table channel_state (
  route text not null primary key,
  failures integer not null,
  open_until text
) strict;

-- Who was told what, one entry per message. Append-only: onroll never alters or deletes one, and the chain of hashes with the
-- heads signed outside shows when anybody else did; nothing here stands in the way of trying that out. `line` is the text
-- that is hashed and the only place where anything of the entry stands; what is looked for is read out of it.
create table disclosure (
  number integer primary key check (number > 0),
  previous text not null,
  hash text not null,
  line text not null,
  message text generated always as (case when json_valid(line) then line ->> '$.message' end) virtual,
  child text generated always as (case when json_valid(line) then line ->> '$.child' end) virtual
) strict;
create index disclosure_message on disclosure (message);
create index disclosure_child on disclosure (child);

-- What only a person can do.
create table task (
  id integer primary key,
  kind text not null,
  key text not null,                     -- the same cause twice is one task
  child integer references child (id),
  recipient text,
  message integer references message (id),
  payload integer references payload (id),
  row_no integer,
  owner text not null,
  due text not null,
  words text not null,
  opened text not null,
  state text not null check (state in ('open', 'done')),
  done_by text, done_role text, reason text, done_at text,
  check ((state = 'done') = (done_at is not null))
) strict;
create unique index task_open on task (key) where state = 'open';

-- The messages a task is about; over when the message needs it no more. A task ends with its last message.
create table task_message (
  task integer not null references task (id),
  message integer not null references message (id),
  over integer not null default 0,
  primary key (task, message)
) strict;
create index task_message_message on task_message (message);

create index child_merged on child (merged_into) where merged_into is not null;
