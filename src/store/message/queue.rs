//! The order of the outbox: conditions over `message m` that several statements share.

use chrono::{DateTime, Utc};
use schema::{MessageId, TaskKind};
use sqlx::sqlite::SqliteConnection;

use crate::task;
use crate::{Result, StoreError};

/// Neither done nor taken back.
pub(super) const PENDING: &str = " m.state in ('waiting', 'leased', 'unknown', 'held', 'dead') ";

/// No earlier message of its lane is still to go. A dead one stands in nobody's way: a newer one takes its place.
pub(super) const FIRST_OF_LANE: &str = " not exists (select 1 from message e where e.recipient = m.recipient and e.child_now = m.child_now
    and e.id < m.id and e.state in ('waiting', 'leased', 'unknown', 'held')) ";

/// The child is restricted, by a source or a person, and nobody released the message knowing that.
pub(super) const STOPPED: &str =
    " (m.released_restricted = 0 and (exists (select 1 from child c where c.id = m.child_now and c.restricted = 1)
    or exists (select 1 from restriction r where r.child_now = m.child_now and r.lifted_at is null))) ";

/// A newer message of the same purpose in the lane (`n`) says what holds now.
macro_rules! newer {
    () => {
        " n.recipient = m.recipient and n.child_now = m.child_now and n.purpose = m.purpose and n.id > m.id
          and n.state in ('waiting', 'leased', 'unknown', 'held') "
    };
}

/// Which newer message took the place of each of these, if one did.
pub(super) const NEWER: &str =
    concat!("select m.id, max(n.id) from message m join message n on ", newer!(), " where m.state = 'leased' and m.id in (");

const OVERTAKEN: &str = concat!(
    "select m.id, (select max(n.id) from message n where ",
    newer!(),
    ") from message m where m.state = 'unknown' and (m.due is null or m.due <= $1) and exists (select 1 from message n where ",
    newer!(),
    ") order by m.id"
);

/// What may have arrived is not sent again once a newer message tells something else.
pub(super) async fn cancel_overtaken_unknown(on: &mut SqliteConnection, now: DateTime<Utc>) -> Result<()> {
    let doing = "looking for messages that were overtaken";
    let overtaken: Vec<(i64, i64)> =
        sqlx::query_as(OVERTAKEN).bind(crate::text::time(now)).fetch_all(&mut *on).await.map_err(StoreError::sql(doing))?;
    for (old, new) in overtaken {
        cancel(on, MessageId(old), &format!("may have arrived; overtaken by {}", MessageId(new)), now).await?;
    }
    Ok(())
}

/// Takes a message back that waits, is held, dead or unknown; its tasks end.
pub(super) async fn cancel(on: &mut SqliteConnection, message: MessageId, why: &str, at: DateTime<Utc>) -> Result<()> {
    sqlx::query("update message set state = 'cancelled', hold = null, due = null, reason = $2 where id = $1")
        .bind(message.0)
        .bind(why)
        .execute(&mut *on)
        .await
        .map_err(StoreError::sql("taking a message back"))?;
    task::over(on, &[message], &[], why, at).await
}

/// The kinds of task that ask whether a message may go: answered when a person lets it go.
pub(super) const ASKED: [TaskKind; 3] = [TaskKind::RestrictedChild, TaskKind::Release, TaskKind::OutcomeUnknown];
