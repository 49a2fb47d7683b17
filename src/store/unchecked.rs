//! Whether something was stored that the rules have not seen. Storing and checking are two transactions: a run that is killed
//! between them (D26) must not leave findings and children's summaries behind what is known.

use std::sync::atomic::Ordering;

use chrono::NaiveDate;
use sqlx::{Sqlite, Transaction};

use crate::text::day;
use crate::{Result, Store, StoreError};

const NOTING: &str = "noting that the rules have something to look at";

impl Store {
    /// Notes it in the transaction that stores something.
    pub(crate) async fn note_unchecked(&self, tx: &mut Transaction<'static, Sqlite>, as_of: NaiveDate) -> Result<()> {
        let done = sqlx::query("insert into milestone (name, day) values ('unchecked', $1) on conflict (name) do nothing")
            .bind(day(as_of))
            .execute(&mut **tx)
            .await
            .map_err(StoreError::sql(NOTING))?;
        if done.rows_affected() > 0 {
            self.unchecked_is_ours.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Whether an earlier run stored something and ended before the rules looked at it. Only that something was stored is
    /// known, not of whom: the rules must look at everybody.
    ///
    /// # Errors
    /// The database.
    pub async fn was_interrupted(&self) -> Result<bool> {
        let noted: Option<i64> = sqlx::query_scalar("select 1 from milestone where name = 'unchecked'")
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql("looking whether a run was interrupted"))?;
        Ok(noted.is_some() && !self.unchecked_is_ours.load(Ordering::Relaxed))
    }

    /// What this run stored changed nobody: there is nothing to look at.
    ///
    /// # Errors
    /// The database.
    pub async fn nothing_to_check(&self) -> Result<()> {
        if !self.unchecked_is_ours.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut tx = self.begin(NOTING).await?;
        self.note_checked(&mut tx).await?;
        tx.commit().await.map_err(StoreError::sql(NOTING))
    }

    /// Takes the note away, in the transaction that stores what the rules found.
    pub(crate) async fn note_checked(&self, tx: &mut Transaction<'static, Sqlite>) -> Result<()> {
        sqlx::query("delete from milestone where name = 'unchecked'").execute(&mut **tx).await.map_err(StoreError::sql(NOTING))?;
        self.unchecked_is_ours.store(false, Ordering::Relaxed);
        Ok(())
    }
}
