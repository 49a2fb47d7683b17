use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::steps::date_format::DateFormat;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

#[test]
fn the_forms_of_all_vendors_are_read() {
    for text in [
        "2013-04-02",
        "2013-04-02T00:00:00",
        "2013-04-02 00:00:00",
        "2013-04-02 00:00:00.000000",
        "2013-04-02T00:00:00+01:00",
        "02/04/2013",
        "2/4/2013",
        "02-04-2013",
        "02.04.2013",
        "02/04/2013 00:00",
        "02/04/2013 12:00:00 AM",
        "2 Apr 2013",
        "2nd April 2013",
        "02-Apr-2013",
        "2013-Apr-02 00:00:00",
        "2013/04/02",
        "20130402",
    ] {
        assert_eq!(parse(text), Ok(day(2013, 4, 2)), "{text}");
    }
    assert_eq!(parse("2012-Jan-21 00:00:00"), Ok(day(2012, 1, 21)));
}

#[test]
fn midnight_in_summer_written_in_utc_is_the_next_day() {
    assert_eq!(parse("2013-04-01T23:00:00Z"), Ok(day(2013, 4, 2)));
    assert_eq!(parse("2013-12-01T23:00:00Z"), Ok(day(2013, 12, 1)));
}

#[test]
fn what_is_no_date_is_said_to_be_none() {
    for text in [
        "31/02/2015",
        "2015-02-29",
        "04/09/24",
        "soon",
        "",
        "41366",
        "2013-04-02x",
        "02/04/2013 late",
        "13/13/2013",
        "1/2/3/2013",
        "ü2/04/2013",
        "2013-04-0ü",
    ] {
        assert_eq!(parse(text), Err(DateFault::NotADate), "{text}");
    }
    for text in ["01/01/1900", "31/12/9999", "1899-12-30"] {
        assert_eq!(parse(text), Err(DateFault::Implausible), "{text}");
    }
}

#[test]
fn a_mapping_may_name_its_forms() {
    let short = [DateFormat::parse("DD/MM/YY").unwrap()];
    assert_eq!(read("04/09/24", &short), Ok(day(2024, 9, 4)));
    assert_eq!(read("4/9/24 00:00", &short), Ok(day(2024, 9, 4)));
    assert_eq!(read("2024-09-04", &short), Err(DateFault::NotADate));
    let american = [DateFormat::parse("MM/DD/YYYY").unwrap()];
    assert_eq!(read("09/04/2024", &american), Ok(day(2024, 9, 4)));
    for bad in ["DD/MM", "DD/MM/YYYY/YYYY", "dd/mm/yyyy", "%d/%m/%Y", "", "DDD/MM/YYYY"] {
        assert_eq!(DateFormat::parse(bad), None, "{bad}");
    }
    assert_eq!(DateFormat::parse("D MMM YYYY").unwrap().example(), "02 Apr 2013");
}

proptest! {
    #[test]
    fn a_date_written_in_any_form_is_read_back(days in 0i64..54_000, form in 0usize..8) {
        let date = day(1950, 1, 1) + chrono::Duration::days(days);
        prop_assume!(date.year() < 2050);
        let form = DateFormat::parse(["DD/MM/YYYY", "D.M.YYYY", "YYYY-MM-DD", "YYYYMMDD", "D MMM YYYY", "DD-MMM-YY", "MM/DD/YYYY", "DDMMYYYY"][form]).unwrap();
        prop_assert_eq!(read(&form.write(date), std::slice::from_ref(&form)), Ok(date));
    }

    #[test]
    fn usual_forms_are_read_back_without_being_named(days in 0i64..54_000, form in 0usize..6) {
        let date = day(1950, 1, 1) + chrono::Duration::days(days);
        let text = date.format(["%Y-%m-%d", "%Y-%m-%dT00:00:00", "%d/%m/%Y", "%-d %B %Y", "%Y-%b-%d 00:00:00", "%Y%m%d"][form]).to_string();
        prop_assert_eq!(parse(&text), Ok(date));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,30}", format in "[DMY/.ü -]{0,12}") {
        let _ = parse(&text);
        if let Some(format) = DateFormat::parse(&format) {
            let _ = format.read(&text);
        }
        let _ = crate::steps::name::split(&text, Default::default());
        let _ = crate::steps::address::split(&text);
        let _ = crate::steps::number::digits(&text);
    }

    #[test]
    fn no_text_of_date_signs_panics(text in "[0-9TZ:/. +-]{0,30}") {
        let _ = parse(&text);
    }
}
