//! The one write transaction of a payload: everything it causes is stored together, or nothing.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use schema::{Laestab, PayloadId, RecordId, StreamId};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Sqlite, Transaction};

use crate::batch::{Batch, BoundBatch, NewReview};
use crate::dialect::{Many, no_lead};
use crate::payload::{self, Counts, Fate, FateRange, FileEnd, NewPayload, ProblemCount};
use crate::text::{count, day, time};
use crate::{Result, Store, StoreError};

pub(crate) const WRITING: &str = "storing the rows of a payload";

/// One payload being stored. Dropped without [`Ingest::finish`], nothing of it remains.
pub struct Ingest {
    pub(crate) tx: Transaction<'static, Sqlite>,
    pub(crate) id: PayloadId,
    pub(crate) stream: Option<StreamId>,
    pub(crate) as_of: NaiveDate,
    complete: bool,
    resumed: bool,
    broken: bool,
    next_record: i64,
    next_child: i64,
    next_review: i64,
}

static SEEN: Many = Many::new("update record set seen = ? where (seen is null or seen < ?) and id in (", "?", ")");
static BACK: Many = Many::new("update record set state = 0, gone = null where state = 1 and id in (", "?", ")");
static GONE: Many = Many::new("update record set state = 1, gone = ? where state = 0 and id in (", "?", ")");
static EVENT: Many = Many::new("insert into record_event (record, kind, payload, as_of) values ", "(?,?,?,?)", "");
static REVIEW: Many = Many::new(
    "insert into review (id, record, provisional, candidate, rule, agreed, differed, payload, state) values ",
    "(?,?,?,?,?,?,?,?,'open')",
    "",
);
static HOLD_RECORD: Many = Many::new("insert into hold_record (payload, record) values ", "(?,?)", " on conflict do nothing");
static NAMED_SCHOOL: Many = Many::new(
    "insert into stream_school (stream, laestab, latest) values ",
    "(?,?,?)",
    " on conflict (stream, laestab) do update set latest = case when latest < excluded.latest then excluded.latest else latest end",
);
static FATE: Many = Many::new("insert into payload_fate (payload, first_row, last_row, fate) values ", "(?,?,?,?)", "");
static PROBLEM: Many = Many::new(
    "insert into payload_problem (payload, code, heading, found) values ",
    "(?,?,?,?)",
    " on conflict (payload, code, heading) do update set found = payload_problem.found + excluded.found",
);

impl Store {
    /// Waits for the writer and begins to store a payload.
    ///
    /// # Errors
    /// The database.
    pub async fn begin_ingest(&self, payload: &NewPayload) -> Result<Ingest> {
        let mut tx = self.begin(WRITING).await?;
        let id = payload::insert(&mut tx, payload, "read", None, None).await?;
        self.note_unchecked(&mut tx, payload.day()).await?;
        Ingest::new(tx, id, payload.stream, payload.day(), payload.complete, false).await
    }

    /// Begins to store what a person decided about rows of a payload read before. Its ledger moves by
    /// [`Ingest::close_held_row`]; [`Ingest::finish`] takes empty counts.
    ///
    /// # Errors
    /// There is no such payload; the database.
    pub async fn resume_ingest(&self, payload: PayloadId) -> Result<Ingest> {
        let mut tx = self.begin(WRITING).await?;
        let row = payload::row_of(&mut *tx, payload).await?;
        let as_of = row.payload.day();
        self.note_unchecked(&mut tx, as_of).await?;
        Ingest::new(tx, payload, row.payload.stream, as_of, row.payload.complete, true).await
    }
}

async fn next(on: &mut SqliteConnection, sql: &'static str) -> Result<i64> {
    sqlx::query_scalar(sql).fetch_one(on).await.map_err(StoreError::sql(WRITING))
}

impl Ingest {
    async fn new(
        mut tx: Transaction<'static, Sqlite>,
        id: PayloadId,
        stream: Option<StreamId>,
        as_of: NaiveDate,
        complete: bool,
        resumed: bool,
    ) -> Result<Ingest> {
        let next_record = next(&mut tx, "select coalesce(max(id), 0) + 1 from record").await?;
        let next_child = next(&mut tx, "select coalesce(max(id), 0) + 1 from child").await?;
        let next_review = next(&mut tx, "select coalesce(max(id), 0) + 1 from review").await?;
        Ok(Ingest { tx, id, stream, as_of, complete, resumed, broken: false, next_record, next_child, next_review })
    }

    /// The payload's id.
    pub fn payload(&self) -> PayloadId {
        self.id
    }

    /// The id the next record takes.
    pub fn next_record(&self) -> i64 {
        self.next_record
    }

    /// The id the next child takes.
    pub fn next_child(&self) -> i64 {
        self.next_child
    }

    /// Stores a batch. Children come before the records that need them.
    ///
    /// # Errors
    /// The database; nothing of the payload is stored then.
    pub async fn write(&mut self, batch: Batch) -> Result<()> {
        self.write_bound(batch.bind(self.id)?).await
    }

    /// As [`Ingest::write`], of values that were bound already: the caller binds the next batch while this one is written.
    ///
    /// # Errors
    /// The database; nothing of the payload is stored then.
    pub async fn write_bound(&mut self, batch: BoundBatch) -> Result<()> {
        self.must_be_whole()?;
        let written = self.write_all(batch).await;
        self.broken = written.is_err();
        written
    }

    /// After a fault of the disk SQLite may end the transaction by itself; what came then would be stored on its own.
    fn must_be_whole(&self) -> Result<()> {
        if self.broken {
            let what = format!("storing payload {} failed before", self.id);
            return Err(StoreError::Refused { what, hint: "nothing of it was stored; import the file again" });
        }
        Ok(())
    }

    async fn write_all(&mut self, batch: BoundBatch) -> Result<()> {
        let BoundBatch { children, records, bodies, superseded, last_child, last_record, rest } = batch;
        let Batch { reviews, held_rows, returned, seen, household, .. } = rest;
        self.next_child = self.next_child.max(last_child + 1);
        self.next_record = self.next_record.max(last_record + 1);
        children.run(&mut self.tx).await.map_err(StoreError::sql("storing children"))?;
        records.run(&mut self.tx).await.map_err(StoreError::sql("storing records"))?;
        bodies.run(&mut self.tx).await.map_err(StoreError::sql("storing what records say"))?;
        superseded.run(&mut self.tx).await.map_err(StoreError::sql("storing which records are superseded"))?;
        self.write_reviews(reviews).await?;
        self.write_held_rows(held_rows).await?;
        self.write_household(household).await?;
        if !returned.is_empty() {
            BACK.run(&mut self.tx, no_lead, returned.iter(), |b, r| {
                b.add(r.0);
            })
            .await
            .map_err(StoreError::sql(WRITING))?;
            self.events(&returned, "back", self.as_of).await?;
        }
        let told = day(self.as_of);
        SEEN.run(
            &mut self.tx,
            |b| {
                b.add(told.clone()).add(told.clone());
            },
            seen.iter(),
            |b, r| {
                b.add(r.0);
            },
        )
        .await
        .map_err(StoreError::sql(WRITING))
    }

    async fn write_reviews(&mut self, reviews: Vec<NewReview>) -> Result<()> {
        let (payload, mut id) = (self.id.0, self.next_review);
        REVIEW
            .run(&mut self.tx, no_lead, reviews.into_iter(), |b, r| {
                let list = |names: &[&str]| serde_json::Value::from(names.to_vec()).to_string();
                b.add(id).add(r.record.0).add(r.provisional.0).add(r.candidate.0).add(r.rule);
                b.add(list(&r.agreed)).add(list(&r.differed)).add(payload);
                id += 1;
            })
            .await
            .map_err(StoreError::sql("storing links that wait for a person"))?;
        self.next_review = id;
        Ok(())
    }

    async fn events(&mut self, records: &[RecordId], kind: &'static str, as_of: NaiveDate) -> Result<()> {
        let (payload, as_of) = (self.id.0, day(as_of));
        EVENT
            .run(&mut self.tx, no_lead, records.iter(), |b, r| {
                b.add(r.0).add(kind).add(payload).add(as_of.clone());
            })
            .await
            .map_err(StoreError::sql("storing who is gone"))
    }

    /// These records are no longer in the complete file of that day.
    ///
    /// # Errors
    /// The database.
    pub async fn mark_gone(&mut self, records: &[RecordId], as_of: NaiveDate) -> Result<()> {
        let gone = day(as_of);
        GONE.run(
            &mut self.tx,
            |b| {
                b.add(gone.clone());
            },
            records.iter(),
            |b, r| {
                b.add(r.0);
            },
        )
        .await
        .map_err(StoreError::sql("storing who is gone"))?;
        self.events(records, "gone", as_of).await
    }

    /// The snapshot would end too much (`ending` of `of`): its endings wait for a person's word.
    ///
    /// # Errors
    /// The database.
    pub async fn hold_gone(&mut self, records: &[RecordId], as_of: NaiveDate, ending: u64, of: u64, reason: &str) -> Result<()> {
        let doing = "holding a snapshot";
        let stream = self.must_stream()?;
        sqlx::query(
            "insert into hold (payload, stream, as_of, ending, of_total, reason, state) values ($1, $2, $3, $4, $5, $6, 'waiting')",
        )
        .bind(self.id.0)
        .bind(stream.0)
        .bind(day(as_of))
        .bind(count(ending))
        .bind(count(of))
        .bind(reason)
        .execute(&mut *self.tx)
        .await
        .map_err(StoreError::sql(doing))?;
        let payload = self.id.0;
        HOLD_RECORD
            .run(&mut self.tx, no_lead, records.iter(), |b, r| {
                b.add(payload).add(r.0);
            })
            .await
            .map_err(StoreError::sql(doing))
    }

    /// A list of several schools names these: their rolls have come, as of the payload's day.
    ///
    /// # Errors
    /// The payload belongs to no stream; the database.
    pub async fn name_schools(&mut self, schools: &BTreeSet<Laestab>) -> Result<()> {
        if schools.is_empty() {
            return Ok(());
        }
        let (stream, as_of) = (self.must_stream()?.0, day(self.as_of));
        NAMED_SCHOOL
            .run(&mut self.tx, no_lead, schools.iter(), |b, school| {
                b.add(stream).add(school.to_string()).add(as_of.clone());
            })
            .await
            .map_err(StoreError::sql("storing which schools a list names"))
    }

    pub(crate) fn must_stream(&self) -> Result<StreamId> {
        self.stream
            .ok_or_else(|| StoreError::Refused { what: format!("payload {} belongs to no stream", self.id), hint: "import its file again" })
    }

    /// Stores the ledger and commits.
    ///
    /// # Errors
    /// [`StoreError::Conservation`] if counts or fates do not add up; the database. Nothing of the payload is stored then.
    pub async fn finish(
        mut self,
        counts: Counts,
        fates: Vec<FateRange>,
        problems: Vec<ProblemCount>,
        end: FileEnd,
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.must_be_whole()?;
        check_conservation(self.id, &counts, &fates)?;
        if !self.resumed {
            self.store_counts(&counts, end, at).await?;
        }
        let payload = self.id.0;
        FATE.run(&mut self.tx, no_lead, fates.iter(), |b, f| {
            b.add(payload).add(count(f.first)).add(count(f.last)).add(f.fate.number());
        })
        .await
        .map_err(StoreError::sql("storing the ledger"))?;
        PROBLEM
            .run(&mut self.tx, no_lead, problems.into_iter(), |b, p| {
                b.add(payload).add(p.code.as_str()).add(p.column).add(count(p.count));
            })
            .await
            .map_err(StoreError::sql("storing the ledger"))?;
        self.tx.commit().await.map_err(StoreError::sql(WRITING))
    }

    async fn store_counts(&mut self, counts: &Counts, end: FileEnd, at: DateTime<Utc>) -> Result<()> {
        sqlx::query(
            "update payload set rows_read = $2, accepted = $3, unchanged = $4, quarantined = $5, rejected = $6, finished_at = $7, reason = $8,
               state = $9 where id = $1",
        )
        .bind(self.id.0)
        .bind(count(counts.read))
        .bind(count(counts.accepted))
        .bind(count(counts.unchanged))
        .bind(count(counts.quarantined))
        .bind(count(counts.rejected))
        .bind(time(at))
        .bind(end.reason)
        .bind(if end.broken { "broken" } else { "read" })
        .execute(&mut *self.tx)
        .await
        .map_err(StoreError::sql("storing the ledger"))?;
        let Some(stream) = self.stream else { return Ok(()) };
        self.close_mended_rows().await?;
        let whole = self.complete && !end.broken;
        payload::move_freshness(&mut self.tx, stream, self.as_of, whole && !end.held).await?;
        if whole {
            self.overtake(stream).await?;
        }
        Ok(())
    }

    /// A newer complete file says anew who is gone and which rows wait: what an earlier one left waiting is overtaken.
    async fn overtake(&mut self, stream: StreamId) -> Result<()> {
        let doing = "closing what an earlier file left waiting";
        for sql in [
            "update hold set state = 'overtaken' where stream = $1 and payload < $2 and as_of <= $3 and state = 'waiting'",
            "update held_row set state = 'gone' where state = 'open' and payload in
               (select id from payload where stream = $1 and id < $2 and as_of <= $3)",
        ] {
            sqlx::query(sql)
                .bind(stream.0)
                .bind(self.id.0)
                .bind(day(self.as_of))
                .execute(&mut *self.tx)
                .await
                .map_err(StoreError::sql(doing))?;
        }
        Ok(())
    }
}

fn check_conservation(payload: PayloadId, counts: &Counts, fates: &[FateRange]) -> Result<()> {
    let fault = |accounted| StoreError::Conservation { payload, read: counts.read, accounted };
    if counts.read != counts.accounted() {
        return Err(fault(counts.accounted()));
    }
    let mut by_fate: HashMap<Fate, u64> = HashMap::new();
    for range in fates {
        let rows = range.last.checked_sub(range.first).map_or(0, |n| n + 1);
        *by_fate.entry(range.fate).or_default() += rows;
    }
    let of = |fate| by_fate.get(&fate).copied().unwrap_or(0);
    let fits = of(Fate::Accepted) == counts.accepted
        && of(Fate::Unchanged) == counts.unchanged
        && of(Fate::Quarantined) == counts.quarantined
        && of(Fate::Rejected) == counts.rejected;
    if fits { Ok(()) } else { Err(fault(by_fate.values().sum())) }
}
