//! The few places where databases differ.

use std::sync::{Arc, OnceLock};

use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments, AssertSqlSafe};

/// Rows per statement: the biggest that fits is taken, so that each table needs only these few prepared texts.
const SIZES: [usize; 4] = [500, 60, 8, 1];

/// A statement over many rows: `head`, then `row` once per row separated by commas, then `tail`.
/// `?` is used, not `$n`: SQLite looks named parameters up one by one in a list, which is quadratic in their number.
pub(crate) struct Many {
    head: &'static str,
    row: &'static str,
    tail: &'static str,
    texts: [OnceLock<Arc<str>>; SIZES.len()],
}

impl Many {
    pub(crate) const fn new(head: &'static str, row: &'static str, tail: &'static str) -> Many {
        Many { head, row, tail, texts: [const { OnceLock::new() }; SIZES.len()] }
    }

    fn text(&self, size: usize) -> Arc<str> {
        let rows = SIZES[size];
        self.texts[size]
            .get_or_init(|| {
                let mut text = String::with_capacity(self.head.len() + self.tail.len() + rows * (self.row.len() + 1));
                text.push_str(self.head);
                for at in 0..rows {
                    text.push_str(if at == 0 { "" } else { "," });
                    text.push_str(self.row);
                }
                text.push_str(self.tail);
                text.into()
            })
            .clone()
    }

    /// Runs the statement over all rows; `lead` binds what stands in `head`, `each` binds one row. Rows are bound when their
    /// turn comes, so that any number of them takes the memory of one statement.
    pub(crate) async fn run<T>(
        &self,
        on: &mut SqliteConnection,
        lead: impl Fn(&mut Bound),
        rows: impl ExactSizeIterator<Item = T>,
        mut each: impl FnMut(&mut Bound, T),
    ) -> Result<(), sqlx::Error> {
        let mut rows = rows;
        while let Some((text, arguments)) = self.next(&lead, &mut rows, &mut each)? {
            sqlx::query_with(AssertSqlSafe(text), arguments).execute(&mut *on).await?;
        }
        Ok(())
    }

    /// Binds all rows, to be run later: the next rows can be bound while the database works on these.
    pub(crate) fn bind<T>(
        &self,
        lead: impl Fn(&mut Bound),
        rows: impl ExactSizeIterator<Item = T>,
        mut each: impl FnMut(&mut Bound, T),
    ) -> Result<Statements, sqlx::Error> {
        let (mut rows, mut statements) = (rows, Vec::new());
        while let Some(statement) = self.next(&lead, &mut rows, &mut each)? {
            statements.push(statement);
        }
        Ok(Statements(statements))
    }

    /// The biggest statement that the rows left fill; `None` after the last row.
    fn next<T>(
        &self,
        lead: &impl Fn(&mut Bound),
        rows: &mut impl ExactSizeIterator<Item = T>,
        each: &mut impl FnMut(&mut Bound, T),
    ) -> Result<Option<Statement>, sqlx::Error> {
        if rows.len() == 0 {
            return Ok(None);
        }
        let size = SIZES.iter().position(|&s| s <= rows.len()).unwrap_or(SIZES.len() - 1);
        let mut bound = Bound { arguments: SqliteArguments::default(), fault: None };
        bound.arguments.reserve(SIZES[size] * self.row.len() / 2, 0);
        lead(&mut bound);
        for row in rows.take(SIZES[size]) {
            each(&mut bound, row);
        }
        match bound.fault {
            Some(fault) => Err(sqlx::Error::Encode(fault)),
            None => Ok(Some((self.text(size), bound.arguments))),
        }
    }
}

/// One statement with its values.
type Statement = (Arc<str>, SqliteArguments);

/// Statements with their values, ready to be run.
#[derive(Default)]
pub(crate) struct Statements(Vec<Statement>);

impl Statements {
    pub(crate) async fn run(self, on: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        for (text, arguments) in self.0 {
            sqlx::query_with(AssertSqlSafe(text), arguments).execute(&mut *on).await?;
        }
        Ok(())
    }
}

/// Binds nothing before the rows.
pub(crate) fn no_lead(_: &mut Bound) {}

/// Values bound so far.
pub(crate) struct Bound {
    arguments: SqliteArguments,
    fault: Option<sqlx::error::BoxDynError>,
}

impl Bound {
    pub(crate) fn add<'t, T: sqlx::Encode<'t, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>>(&mut self, value: T) -> &mut Self {
        if let Err(fault) = self.arguments.add(value) {
            self.fault = Some(fault);
        }
        self
    }
}

/// Whether a SQLite of this version loses no pages when its log is reset (mended in 3.51.3).
pub(crate) fn is_sound(version: &str) -> bool {
    let mut parts = version.split('.').map(|p| p.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next()) >= (3, 51, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_sqlite_is_known_by_its_number() {
        assert!(is_sound("3.51.3") && is_sound("3.52.0") && is_sound("4.0"));
        assert!(!is_sound("3.51.2") && !is_sound("3.9.9") && !is_sound("unknown"));
    }

    #[test]
    fn a_statement_repeats_its_row() {
        let many = Many::new("insert into t values ", "(?,?)", " returning id");
        assert_eq!(&*many.text(3), "insert into t values (?,?) returning id");
        assert_eq!(many.text(2).matches("(?,?)").count(), 8);
    }
}
