//! A date form as an analyst writes it in a mapping: `DD/MM/YYYY`, `D MMM YYYY`, `YYYYMMDD`, `DD/MM/YY`.

use chrono::{Datelike, NaiveDate};

use super::date::{digits, is_time, month};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// Day in two digits (`DD`; one is read too where a sign follows) or as it comes (`D`).
    Day,
    Month,
    /// Month in words (`MMM`, `MMMM`).
    MonthName,
    /// Four digits.
    Year,
    /// Two digits: 00 to 49 is 2000 to 2049, 50 to 99 is 1950 to 1999.
    ShortYear,
    Sign(char),
}

/// A date form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DateFormat(Vec<Piece>);

impl DateFormat {
    /// Reads `DD/MM/YYYY` and the like; `None` unless day, month and year each stand in it once.
    pub(crate) fn parse(text: &str) -> Option<DateFormat> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let run = if c.is_ascii_alphabetic() { rest.chars().take_while(|d| *d == c).count() } else { c.len_utf8() };
            pieces.push(match (c, run) {
                ('D', 1 | 2) => Piece::Day,
                ('M', 1 | 2) => Piece::Month,
                ('M', 3 | 4) => Piece::MonthName,
                ('Y', 4) => Piece::Year,
                ('Y', 2) => Piece::ShortYear,
                (c, _) if !c.is_alphanumeric() => Piece::Sign(c),
                _ => return None,
            });
            rest = rest.get(run..)?;
        }
        let count = |wanted: &[Piece]| pieces.iter().filter(|p| wanted.contains(p)).count();
        let whole =
            count(&[Piece::Day]) == 1 && count(&[Piece::Month, Piece::MonthName]) == 1 && count(&[Piece::Year, Piece::ShortYear]) == 1;
        whole.then_some(DateFormat(pieces))
    }

    /// Reads a date of this form; a time of day behind it does not matter.
    pub(crate) fn read(&self, text: &str) -> Option<NaiveDate> {
        let (mut day, mut month_number, mut year) = (0, 0, 0);
        let mut rest = text;
        for (i, piece) in self.0.iter().enumerate() {
            let apart = !matches!(self.0.get(i + 1), Some(Piece::Day | Piece::Month | Piece::Year | Piece::ShortYear));
            match piece {
                Piece::Sign(sign) => rest = rest.strip_prefix(*sign)?,
                Piece::Day => day = number(&mut rest, 2, apart)?,
                Piece::Month => month_number = number(&mut rest, 2, apart)?,
                Piece::Year => year = number(&mut rest, 4, false)?,
                Piece::ShortYear => {
                    let short = number(&mut rest, 2, false)?;
                    year = if short < 50 { 2000 + short } else { 1900 + short };
                }
                Piece::MonthName => {
                    let end = rest.bytes().position(|c| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                    month_number = month(rest.get(..end)?)?;
                    rest = rest.get(end..)?;
                }
            }
        }
        if !is_time(rest) {
            return None;
        }
        NaiveDate::from_ymd_opt(year as i32, month_number, day)
    }

    /// Writes a date in this form, in full width.
    pub(crate) fn write(&self, date: NaiveDate) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Day => format!("{:02}", date.day()),
                Piece::Month => format!("{:02}", date.month()),
                Piece::MonthName => date.format("%b").to_string(),
                Piece::Year => format!("{:04}", date.year()),
                Piece::ShortYear => format!("{:02}", date.year() % 100),
                Piece::Sign(sign) => sign.to_string(),
            })
            .collect()
    }

    /// The form shown to a person, by an example: `02/04/2013`.
    pub(crate) fn example(&self) -> String {
        self.write(NaiveDate::from_ymd_opt(2013, 4, 2).unwrap_or_default())
    }
}

/// Takes `width` digits off the front; fewer where `short` allows it.
fn number(rest: &mut &str, width: usize, short: bool) -> Option<u32> {
    let n = rest.bytes().take(width).take_while(u8::is_ascii_digit).count();
    if n == 0 || (n < width && !short) {
        return None;
    }
    let (head, tail) = rest.split_at(n);
    *rest = tail;
    digits(head.as_bytes())
}
