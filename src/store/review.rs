//! Links that wait for a person, and what people decided: kept for ever, undone by a mark.

use chrono::{DateTime, Utc};
use schema::{ChildId, LinkDecision, PayloadId, RecordId, RecordKey, ReviewId, StreamId, Viewer};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Row, SqliteExecutor};

use crate::merge::{self, ChildMerge, Merged};
use crate::text::{parse_json, parse_time, time};
use crate::{Result, Store, StoreError};

/// How far a review is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewState {
    /// It waits.
    Open,
    /// The same child.
    Same,
    /// Different children.
    Different,
}

/// A link that waits, or waited, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// The record.
    pub record: RecordId,
    /// The record's child as it is now.
    pub provisional: ChildId,
    /// The child it may be.
    pub candidate: ChildId,
    /// The linkage rule that fired.
    pub rule: String,
    /// Fields that agree.
    pub agreed: Vec<String>,
    /// Fields that differ.
    pub differed: Vec<String>,
    /// The payload that brought the record.
    pub payload: PayloadId,
    /// How far it is.
    pub state: ReviewState,
}

/// A decision with who took it.
#[derive(Debug, Clone)]
pub struct DecisionRow {
    /// Its number.
    pub id: i64,
    /// What was decided.
    pub decision: LinkDecision,
    /// Who decided.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The review it settled.
    pub review: Option<ReviewId>,
    /// When it was undone, if it was.
    pub undone_at: Option<DateTime<Utc>>,
}

/// A decision that holds, by the streams and keys of its two records.
#[derive(Clone)]
pub struct StoredDecision {
    /// Its number.
    pub id: i64,
    /// One record.
    pub one: (StreamId, String),
    /// The other.
    pub other: (StreamId, String),
    /// `true`: the same child; `false`: different children.
    pub same: bool,
    /// Who decided.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

schema::redacted!(StoredDecision);

/// What deciding, or undoing, came to.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The review.
    pub review: Review,
    /// The decision, for the linker to know.
    pub decision: LinkDecision,
    /// The children that were joined (or parted, when undone).
    pub merged: Option<Merged>,
}

const DECIDING: &str = "storing a decision about a link";

impl Store {
    /// The links that wait, oldest first.
    ///
    /// # Errors
    /// The database.
    pub async fn open_reviews(&self) -> Result<Vec<Review>> {
        sqlx::query("select * from review_now order by id")
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading the links that wait"))?
            .iter()
            .map(review_of)
            .collect()
    }

    /// One review, waiting or not.
    ///
    /// # Errors
    /// There is none of that id; the database.
    pub async fn review(&self, id: ReviewId) -> Result<Review> {
        if let Some(open) = find(&self.read, "select * from review_now where id = $1", id).await? {
            return Ok(open);
        }
        find(&self.read, "select * from review where id = $1", id).await?.ok_or_else(|| StoreError::missing("review", id))
    }

    /// All decisions, oldest first; the later one holds. Undone ones are marked.
    ///
    /// # Errors
    /// The database.
    pub async fn decisions(&self) -> Result<Vec<DecisionRow>> {
        sqlx::query("select * from link_decision order by id")
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading what people decided"))?
            .iter()
            .map(decision_of)
            .collect()
    }

    /// The decisions that hold, oldest first, with the streams of their records: what the linkage index needs.
    ///
    /// # Errors
    /// The database.
    pub async fn link_decisions(&self) -> Result<Vec<StoredDecision>> {
        sqlx::query(
            "select d.*, s.id as one_stream, t.id as other_stream from link_decision d
             join stream s on s.source = d.one_source and s.dataset = d.one_dataset
             join stream t on t.source = d.other_source and t.dataset = d.other_dataset
             where d.undone_at is null order by d.id",
        )
        .fetch_all(&self.read)
        .await
        .map_err(StoreError::sql("reading what people decided"))?
        .iter()
        .map(|row| {
            Ok(StoredDecision {
                id: row.get("id"),
                one: (StreamId(row.get("one_stream")), row.get("one_key")),
                other: (StreamId(row.get("other_stream")), row.get("other_key")),
                same: row.get::<i64, _>("same") != 0,
                by: row.get("by_name"),
                reason: row.get("reason"),
                at: parse_time(row.get("at"))?,
            })
        })
        .collect()
    }

    /// Settles a review: the same child (its records join the candidate's) or different children.
    ///
    /// # Errors
    /// It does not wait; the database.
    pub async fn decide(&self, id: ReviewId, same: bool, reason: &str, by: &Viewer, at: DateTime<Utc>) -> Result<Decided> {
        let mut tx = self.begin(DECIDING).await?;
        let review = find(&mut *tx, "select * from review_now where id = $1", id).await?.ok_or_else(|| StoreError::Refused {
            what: format!("link {id} does not wait for a decision"),
            hint: "see `review list` for what waits; a decision is taken back with `review undo`",
        })?;
        let decision = LinkDecision {
            one: key_of(&mut tx, "select s.source, s.dataset, r.key from record r join stream s on s.id = r.stream where r.id = $1", review.record.0).await?,
            other: key_of(
                &mut tx,
                "select s.source, s.dataset, r.key from record r join stream s on s.id = r.stream where r.child = $1 order by r.state = 2, r.id limit 1",
                review.candidate.0,
            )
            .await?,
            same,
        };
        let decided = insert_decision(&mut tx, id, &decision, reason, by, at).await?;
        let merged = if same {
            let merge = ChildMerge { from: review.provisional, into: review.candidate, reason: reason.to_owned() };
            Some(merge::join(&mut tx, &merge, Some(decided), by, at).await?)
        } else {
            None
        };
        let state = if same { ReviewState::Same } else { ReviewState::Different };
        set_state(&mut tx, id, state).await?;
        self.note_unchecked(&mut tx, at.date_naive()).await?;
        tx.commit().await.map_err(StoreError::sql(DECIDING))?;
        Ok(Decided { review: Review { state, ..review }, decision, merged })
    }

    /// Takes a decision back: the link waits again, and children that were joined are parted.
    ///
    /// # Errors
    /// The review was not decided; the database.
    pub async fn undo_decision(&self, id: ReviewId, reason: &str, by: &Viewer, at: DateTime<Utc>) -> Result<Decided> {
        let doing = "taking a decision about a link back";
        let mut tx = self.begin(doing).await?;
        let row = sqlx::query("select * from link_decision where review = $1 and undone_at is null order by id desc limit 1")
            .bind(id.0)
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::sql(doing))?
            .ok_or_else(|| StoreError::Refused { what: format!("nothing was decided about link {id}"), hint: "see `review list`" })?;
        let decided = decision_of(&row)?;
        sqlx::query("update link_decision set undone_by = $2, undone_role = $3, undone_reason = $4, undone_at = $5 where id = $1")
            .bind(decided.id)
            .bind(&by.name)
            .bind(by.role.as_str())
            .bind(reason)
            .bind(time(at))
            .execute(&mut *tx)
            .await
            .map_err(StoreError::sql(doing))?;
        let merged = merge::part(&mut tx, decided.id, by, reason, at).await?;
        set_state(&mut tx, id, ReviewState::Open).await?;
        let review = find(&mut *tx, "select * from review where id = $1", id).await?.ok_or_else(|| StoreError::missing("review", id))?;
        self.note_unchecked(&mut tx, at.date_naive()).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(Decided { review, decision: decided.decision, merged })
    }
}

async fn find(on: impl SqliteExecutor<'_>, sql: &'static str, id: ReviewId) -> Result<Option<Review>> {
    let row = sqlx::query(sql).bind(id.0).fetch_optional(on).await.map_err(StoreError::sql("reading a link that waits"))?;
    row.as_ref().map(review_of).transpose()
}

async fn key_of(on: &mut SqliteConnection, sql: &'static str, id: i64) -> Result<RecordKey> {
    let (source, dataset, key) = sqlx::query_as(sql)
        .bind(id)
        .fetch_optional(on)
        .await
        .map_err(StoreError::sql(DECIDING))?
        .ok_or(StoreError::Damaged { doing: DECIDING })?;
    Ok(RecordKey { source, dataset, key })
}

async fn set_state(on: &mut SqliteConnection, id: ReviewId, state: ReviewState) -> Result<()> {
    let word = match state {
        ReviewState::Open => "open",
        ReviewState::Same => "same",
        ReviewState::Different => "different",
    };
    sqlx::query("update review set state = $2 where id = $1").bind(id.0).bind(word).execute(on).await.map_err(StoreError::sql(DECIDING))?;
    Ok(())
}

async fn insert_decision(
    on: &mut SqliteConnection,
    review: ReviewId,
    decision: &LinkDecision,
    reason: &str,
    by: &Viewer,
    at: DateTime<Utc>,
) -> Result<i64> {
    sqlx::query_scalar(
        "insert into link_decision (one_source, one_dataset, one_key, other_source, other_dataset, other_key, same, review,
                                    by_name, by_role, reason, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id",
    )
    .bind(&decision.one.source)
    .bind(&decision.one.dataset)
    .bind(&decision.one.key)
    .bind(&decision.other.source)
    .bind(&decision.other.dataset)
    .bind(&decision.other.key)
    .bind(i64::from(decision.same))
    .bind(review.0)
    .bind(&by.name)
    .bind(by.role.as_str())
    .bind(reason)
    .bind(time(at))
    .fetch_one(on)
    .await
    .map_err(StoreError::sql(DECIDING))
}

fn decision_of(row: &SqliteRow) -> Result<DecisionRow> {
    let one = RecordKey { source: row.get("one_source"), dataset: row.get("one_dataset"), key: row.get("one_key") };
    let other = RecordKey { source: row.get("other_source"), dataset: row.get("other_dataset"), key: row.get("other_key") };
    Ok(DecisionRow {
        id: row.get("id"),
        decision: LinkDecision { one, other, same: row.get::<i64, _>("same") != 0 },
        by: row.get("by_name"),
        reason: row.get("reason"),
        at: parse_time(row.get("at"))?,
        review: row.get::<Option<i64>, _>("review").map(ReviewId),
        undone_at: row.get::<Option<&str>, _>("undone_at").map(parse_time).transpose()?,
    })
}

pub(crate) fn review_of(row: &SqliteRow) -> Result<Review> {
    let state = match row.get::<&str, _>("state") {
        "same" => ReviewState::Same,
        "different" => ReviewState::Different,
        _ => ReviewState::Open,
    };
    Ok(Review {
        id: ReviewId(row.get("id")),
        record: RecordId(row.get("record")),
        provisional: ChildId(row.get("provisional")),
        candidate: ChildId(row.get("candidate")),
        rule: row.get("rule"),
        agreed: parse_json(row.get("agreed"))?,
        differed: parse_json(row.get("differed"))?,
        payload: PayloadId(row.get("payload")),
        state,
    })
}
