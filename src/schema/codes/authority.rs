//! The local authorities of England: names, and which codes are open. Source: DfE, Common Basic Data Set code list
//! (Open Government Licence v3.0), with the reorganisations of 2019 (Dorset), 2021 (Northamptonshire) and 2023 (Cumbria).
//!
//! An unknown or closed code never makes a UPN or LAESTAB invalid; it is a warning.

use chrono::NaiveDate;

use crate::LaCode;

/// Year, month, day.
type Day = (i32, u32, u32);

/// Code, name, first day (where known), first day on which it was no more, successors.
type Row = (u16, &'static str, Option<Day>, Option<Day>, &'static [u16]);

/// Sorted by code.
#[rustfmt::skip]
const AUTHORITIES: &[Row] = &[
    (201, "City of London", None, None, &[]),
    (202, "Camden", None, None, &[]),
    (203, "Greenwich", None, None, &[]),
    (204, "Hackney", None, None, &[]),
    (205, "Hammersmith and Fulham", None, None, &[]),
    (206, "Islington", None, None, &[]),
    (207, "Kensington and Chelsea", None, None, &[]),
    (208, "Lambeth", None, None, &[]),
    (209, "Lewisham", None, None, &[]),
    (210, "Southwark", None, None, &[]),
    (211, "Tower Hamlets", None, None, &[]),
    (212, "Wandsworth", None, None, &[]),
    (213, "Westminster", None, None, &[]),
    (301, "Barking and Dagenham", None, None, &[]),
    (302, "Barnet", None, None, &[]),
    (303, "Bexley", None, None, &[]),
    (304, "Brent", None, None, &[]),
    (305, "Bromley", None, None, &[]),
    (306, "Croydon", None, None, &[]),
    (307, "Ealing", None, None, &[]),
    (308, "Enfield", None, None, &[]),
    (309, "Haringey", None, None, &[]),
    (310, "Harrow", None, None, &[]),
    (311, "Havering", None, None, &[]),
    (312, "Hillingdon", None, None, &[]),
    (313, "Hounslow", None, None, &[]),
    (314, "Kingston upon Thames", None, None, &[]),
    (315, "Merton", None, None, &[]),
    (316, "Newham", None, None, &[]),
    (317, "Redbridge", None, None, &[]),
    (318, "Richmond upon Thames", None, None, &[]),
    (319, "Sutton", None, None, &[]),
    (320, "Waltham Forest", None, None, &[]),
    (330, "Birmingham", None, None, &[]),
    (331, "Coventry", None, None, &[]),
    (332, "Dudley", None, None, &[]),
    (333, "Sandwell", None, None, &[]),
    (334, "Solihull", None, None, &[]),
    (335, "Walsall", None, None, &[]),
    (336, "Wolverhampton", None, None, &[]),
    (340, "Knowsley", None, None, &[]),
    (341, "Liverpool", None, None, &[]),
    (342, "St Helens", None, None, &[]),
    (343, "Sefton", None, None, &[]),
    (344, "Wirral", None, None, &[]),
    (350, "Bolton", None, None, &[]),
    (351, "Bury", None, None, &[]),
    (352, "Manchester", None, None, &[]),
    (353, "Oldham", None, None, &[]),
    (354, "Rochdale", None, None, &[]),
    (355, "Salford", None, None, &[]),
    (356, "Stockport", None, None, &[]),
    (357, "Tameside", None, None, &[]),
    (358, "Trafford", None, None, &[]),
    (359, "Wigan", None, None, &[]),
    (370, "Barnsley", None, None, &[]),
    (371, "Doncaster", None, None, &[]),
    (372, "Rotherham", None, None, &[]),
    (373, "Sheffield", None, None, &[]),
    (380, "Bradford", None, None, &[]),
    (381, "Calderdale", None, None, &[]),
    (382, "Kirklees", None, None, &[]),
    (383, "Leeds", None, None, &[]),
    (384, "Wakefield", None, None, &[]),
    (390, "Gateshead", None, None, &[]),
    (391, "Newcastle upon Tyne", None, None, &[]),
    (392, "North Tyneside", None, None, &[]),
    (393, "South Tyneside", None, None, &[]),
    (394, "Sunderland", None, None, &[]),
    (420, "Isles of Scilly", None, None, &[]),
    (800, "Bath and North East Somerset", None, None, &[]),
    (801, "Bristol", None, None, &[]),
    (802, "North Somerset", None, None, &[]),
    (803, "South Gloucestershire", None, None, &[]),
    (805, "Hartlepool", None, None, &[]),
    (806, "Middlesbrough", None, None, &[]),
    (807, "Redcar and Cleveland", None, None, &[]),
    (808, "Stockton-on-Tees", None, None, &[]),
    (810, "Kingston upon Hull", None, None, &[]),
    (811, "East Riding of Yorkshire", None, None, &[]),
    (812, "North East Lincolnshire", None, None, &[]),
    (813, "North Lincolnshire", None, None, &[]),
    (815, "North Yorkshire", None, None, &[]),
    (816, "York", None, None, &[]),
    (821, "Luton", None, None, &[]),
    (822, "Bedford", None, None, &[]),
    (823, "Central Bedfordshire", None, None, &[]),
    (825, "Buckinghamshire", None, None, &[]),
    (826, "Milton Keynes", None, None, &[]),
    (830, "Derbyshire", None, None, &[]),
    (831, "Derby", None, None, &[]),
    (835, "Dorset", None, Some((2019, 4, 1)), &[838, 839]),
    (836, "Poole", None, Some((2019, 4, 1)), &[839]),
    (837, "Bournemouth", None, Some((2019, 4, 1)), &[839]),
    (838, "Dorset", Some((2019, 4, 1)), None, &[]),
    (839, "Bournemouth, Christchurch and Poole", Some((2019, 4, 1)), None, &[]),
    (840, "Durham", None, None, &[]),
    (841, "Darlington", None, None, &[]),
    (845, "East Sussex", None, None, &[]),
    (846, "Brighton and Hove", None, None, &[]),
    (850, "Hampshire", None, None, &[]),
    (851, "Portsmouth", None, None, &[]),
    (852, "Southampton", None, None, &[]),
    (855, "Leicestershire", None, None, &[]),
    (856, "Leicester", None, None, &[]),
    (857, "Rutland", None, None, &[]),
    (860, "Staffordshire", None, None, &[]),
    (861, "Stoke-on-Trent", None, None, &[]),
    (865, "Wiltshire", None, None, &[]),
    (866, "Swindon", None, None, &[]),
    (867, "Bracknell Forest", None, None, &[]),
    (868, "Windsor and Maidenhead", None, None, &[]),
    (869, "West Berkshire", None, None, &[]),
    (870, "Reading", None, None, &[]),
    (871, "Slough", None, None, &[]),
    (872, "Wokingham", None, None, &[]),
    (873, "Cambridgeshire", None, None, &[]),
    (874, "Peterborough", None, None, &[]),
    (876, "Halton", None, None, &[]),
    (877, "Warrington", None, None, &[]),
    (878, "Devon", None, None, &[]),
    (879, "Plymouth", None, None, &[]),
    (880, "Torbay", None, None, &[]),
    (881, "Essex", None, None, &[]),
    (882, "Southend-on-Sea", None, None, &[]),
    (883, "Thurrock", None, None, &[]),
    (884, "Herefordshire", None, None, &[]),
    (885, "Worcestershire", None, None, &[]),
    (886, "Kent", None, None, &[]),
    (887, "Medway", None, None, &[]),
    (888, "Lancashire", None, None, &[]),
    (889, "Blackburn with Darwen", None, None, &[]),
    (890, "Blackpool", None, None, &[]),
    (891, "Nottinghamshire", None, None, &[]),
    (892, "Nottingham", None, None, &[]),
    (893, "Shropshire", None, None, &[]),
    (894, "Telford and Wrekin", None, None, &[]),
    (895, "Cheshire East", None, None, &[]),
    (896, "Cheshire West and Chester", None, None, &[]),
    (908, "Cornwall", None, None, &[]),
    (909, "Cumbria", None, Some((2023, 4, 1)), &[942, 943]),
    (916, "Gloucestershire", None, None, &[]),
    (919, "Hertfordshire", None, None, &[]),
    (921, "Isle of Wight", None, None, &[]),
    (925, "Lincolnshire", None, None, &[]),
    (926, "Norfolk", None, None, &[]),
    (928, "Northamptonshire", None, Some((2021, 4, 1)), &[940, 941]),
    (929, "Northumberland", None, None, &[]),
    (931, "Oxfordshire", None, None, &[]),
    (933, "Somerset", None, None, &[]),
    (935, "Suffolk", None, None, &[]),
    (936, "Surrey", None, None, &[]),
    (937, "Warwickshire", None, None, &[]),
    (938, "West Sussex", None, None, &[]),
    (940, "North Northamptonshire", Some((2021, 4, 1)), None, &[]),
    (941, "West Northamptonshire", Some((2021, 4, 1)), None, &[]),
    (942, "Cumberland", Some((2023, 4, 1)), None, &[]),
    (943, "Westmorland and Furness", Some((2023, 4, 1)), None, &[]),
];

/// Name of an authority, open or closed; `None` for a code that was never one.
pub fn name(code: LaCode) -> Option<&'static str> {
    row(code).map(|r| r.1)
}

/// Whether the authority exists on that day; `false` also for an unknown code.
pub fn is_open(code: LaCode, day: NaiveDate) -> bool {
    row(code).is_some_and(|(_, _, opened, closed, _)| date(*opened).is_none_or(|d| d <= day) && date(*closed).is_none_or(|d| day < d))
}

/// The authorities that took over from a closed one.
pub fn successors(code: LaCode) -> Vec<LaCode> {
    row(code).map_or(&[][..], |r| r.4).iter().filter_map(|c| LaCode::parse(&format!("{c:03}")).ok()).collect()
}

/// All codes that are open on that day, with their names.
pub fn open_on(day: NaiveDate) -> impl Iterator<Item = (LaCode, &'static str)> {
    AUTHORITIES
        .iter()
        .filter_map(move |r| LaCode::parse(&format!("{:03}", r.0)).ok().filter(|code| is_open(*code, day)).map(|code| (code, r.1)))
}

fn row(code: LaCode) -> Option<&'static Row> {
    AUTHORITIES.binary_search_by_key(&code.key(), |r| r.0).ok().and_then(|i| AUTHORITIES.get(i))
}

fn date(day: Option<Day>) -> Option<NaiveDate> {
    day.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn la(text: &str) -> LaCode {
        LaCode::parse(text).unwrap()
    }

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn codes_stand_in_order_and_once() {
        assert!(AUTHORITIES.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn england_has_153_authorities() {
        assert_eq!(open_on(day(2026, 11, 24)).count(), 153);
        assert_eq!(name(la("852")), Some("Southampton"));
        assert_eq!(name(la("999")), None);
    }

    #[test]
    fn a_closed_code_is_known_but_not_open() {
        assert_eq!(name(la("837")), Some("Bournemouth"));
        assert!(is_open(la("837"), day(2019, 3, 31)) && !is_open(la("837"), day(2019, 4, 1)));
        assert!(!is_open(la("839"), day(2019, 3, 31)) && is_open(la("839"), day(2019, 4, 1)));
        assert_eq!(successors(la("909")), [la("942"), la("943")]);
        assert!(!is_open(la("999"), day(2026, 1, 1)) && successors(la("999")).is_empty());
    }
}
