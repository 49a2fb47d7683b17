//! How channels fare over runs, and messages that leave one that rests.

use chrono::{DateTime, Utc};

use crate::dialect::{Many, no_lead};
use crate::text::{parse_json, parse_time, time};
use crate::{Result, Store, StoreError};

/// How a way to send fared lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelState {
    /// `email`, or `folder:8524001`.
    pub route: String,
    /// Failures in a row.
    pub failures: u32,
    /// Until when it rests.
    pub open_until: Option<DateTime<Utc>>,
}

static PASS: Many = Many::new(
    "update message set channel = v.column2, route = v.column3, tried = 0, due = v.column4 from (values ",
    "(?,?,?,?)",
    ") as v where message.id = v.column1",
);

impl Store {
    /// How each way fared, as far as it was kept.
    ///
    /// # Errors
    /// The database.
    pub async fn channel_states(&self) -> Result<Vec<ChannelState>> {
        let rows: Vec<(String, u32, Option<String>)> =
            sqlx::query_as("select route, failures, open_until from channel_state order by route")
                .fetch_all(&self.read)
                .await
                .map_err(StoreError::sql("reading how channels fare"))?;
        rows.into_iter()
            .map(|(route, failures, open)| Ok(ChannelState { route, failures, open_until: open.as_deref().map(parse_time).transpose()? }))
            .collect()
    }

    /// Keeps how a way fares.
    ///
    /// # Errors
    /// The database.
    pub async fn set_channel_state(&self, state: &ChannelState) -> Result<()> {
        sqlx::query(
            "insert into channel_state (route, failures, open_until) values ($1, $2, $3)
             on conflict (route) do update set failures = excluded.failures, open_until = excluded.open_until",
        )
        .bind(&state.route)
        .bind(i64::from(state.failures))
        .bind(state.open_until.map(time))
        .execute(&self.write)
        .await
        .map_err(StoreError::sql("keeping how a channel fares"))?;
        Ok(())
    }

    /// Messages that wait for this way and have a further one go to that, due at `at`. Says how many.
    ///
    /// # Errors
    /// The database.
    pub async fn pass_over(&self, route: &str, at: DateTime<Utc>) -> Result<u64> {
        let doing = "moving messages to their next channel";
        let mut tx = self.begin(doing).await?;
        let waiting: Vec<(i64, i64, String)> =
            sqlx::query_as("select id, channel, routes from message where state = 'waiting' and route = $1 order by id")
                .bind(route)
                .fetch_all(&mut *tx)
                .await
                .map_err(StoreError::sql(doing))?;
        let mut moved = Vec::new();
        for (id, channel, routes) in waiting {
            let routes: Vec<String> = parse_json(&routes)?;
            let next = usize::try_from(channel + 1).ok().and_then(|next| routes.into_iter().nth(next));
            if let Some(route) = next {
                moved.push((id, channel + 1, route));
            }
        }
        let (count, at) = (moved.len() as u64, time(at));
        PASS.run(&mut tx, no_lead, moved.into_iter(), |b, (id, channel, route)| {
            b.add(id).add(channel).add(route).add(at.clone());
        })
        .await
        .map_err(StoreError::sql(doing))?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(count)
    }
}
