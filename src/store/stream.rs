//! Streams: one kind of file of one source.

use chrono::NaiveDate;
use schema::{Laestab, StreamId, StreamState};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::text::{parse_day, parse_opt_day};
use crate::{Result, Store, StoreError};

/// A stream as the store numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamRow {
    /// Its id.
    pub id: StreamId,
    /// The number of its installation: equal for all streams of one source.
    pub source_no: u32,
}

impl Store {
    /// Finds or makes the stream of that source and dataset. Connector, roll, school and age limit are kept as last told.
    ///
    /// # Errors
    /// The database.
    pub async fn stream(
        &self,
        source: &str,
        connector: &str,
        dataset: &str,
        roll: bool,
        laestab: Option<Laestab>,
        max_age_days: Option<u32>,
    ) -> Result<StreamRow> {
        let doing = "storing the stream of a source";
        let mut tx = self.begin(doing).await?;
        let row = sqlx::query(
            "insert into stream (source, source_no, connector, dataset, roll, laestab, max_age_days)
             values ($1, coalesce((select min(source_no) from stream where source = $1), (select coalesce(max(source_no), 0) + 1 from stream)),
                     $2, $3, $4, $5, $6)
             on conflict (source, dataset) do update set
               connector = excluded.connector, roll = excluded.roll, laestab = excluded.laestab, max_age_days = excluded.max_age_days
             returning id, source_no",
        )
        .bind(source)
        .bind(connector)
        .bind(dataset)
        .bind(i64::from(roll))
        .bind(laestab.map(|l| l.to_string()))
        .bind(max_age_days.map(i64::from))
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::sql(doing))?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(StreamRow { id: StreamId(row.get(0)), source_no: row.get(1) })
    }

    /// All streams by id, with the number of their installation and what is known of them.
    ///
    /// # Errors
    /// The database.
    pub async fn streams(&self) -> Result<Vec<(StreamId, u32, StreamState)>> {
        sqlx::query(
            "select id, source_no, source, connector, dataset, roll, laestab, latest, latest_complete, max_age_days from stream order by id",
        )
        .fetch_all(&self.read)
        .await
        .map_err(StoreError::sql("reading the streams"))?
        .iter()
        .map(stream_state)
        .collect()
    }

    /// The schools that lists of several schools name, with the day of the newest list that did.
    ///
    /// # Errors
    /// The database.
    pub async fn listed_schools(&self) -> Result<Vec<(StreamId, Laestab, NaiveDate)>> {
        let doing = "reading which schools the lists name";
        let rows: Vec<(i64, String, String)> = sqlx::query_as("select stream, laestab, latest from stream_school order by stream, laestab")
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql(doing))?;
        rows.into_iter()
            .map(|(stream, laestab, latest)| {
                let laestab = Laestab::parse(&laestab).map_err(|_| StoreError::Damaged { doing })?;
                Ok((StreamId(stream), laestab, parse_day(&latest)?))
            })
            .collect()
    }
}

fn stream_state(row: &SqliteRow) -> Result<(StreamId, u32, StreamState)> {
    let damaged = StoreError::Damaged { doing: "reading the streams" };
    let laestab = match row.get::<Option<&str>, _>("laestab") {
        None => None,
        Some(text) => Some(Laestab::parse(text).map_err(|_| damaged)?),
    };
    let state = StreamState {
        source: row.get("source"),
        connector: row.get("connector"),
        dataset: row.get("dataset"),
        roll: row.get::<i64, _>("roll") != 0,
        laestab,
        latest: parse_opt_day(row.get("latest"))?,
        latest_complete: parse_opt_day(row.get("latest_complete"))?,
        max_age_days: row.get("max_age_days"),
    };
    Ok((StreamId(row.get("id")), row.get("source_no"), state))
}
