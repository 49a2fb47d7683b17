//! Real-looking addresses, all invented.

use proptest::prelude::*;

use crate::{Address, Postcode, Uprn};

/// `lines|town|postcode`, the lines between semicolons; each may be empty.
fn address(text: &str) -> Address {
    let mut fields = text.split('|').map(str::trim);
    let lines = fields.next().unwrap_or_default().split(';').map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect();
    let town = fields.next().unwrap_or_default().to_owned();
    Address { lines, town, postcode: fields.next().and_then(|p| Postcode::parse(p).ok()), ..Address::default() }
}

fn parts(saon: &str, paon: &str, street: &str, postcode: &str) -> Address {
    let text = str::to_owned;
    Address { saon: text(saon), paon: text(paon), street: text(street), postcode: Postcode::parse(postcode).ok(), ..Address::default() }
}

fn same(one: &Address, two: &Address) -> bool {
    let answer = one.is_same_place(two);
    assert_eq!(answer, two.is_same_place(one), "the answer depends on which side is asked");
    answer
}

#[test]
fn another_spelling_is_not_another_address() {
    for (one, two) in [
        ("12 Test Road|Southampton|SO14 0AA", "12 TEST ROAD||SO14 0AA"),
        ("12 Test Road||SO14 0AA", "12, Test Rd.||so14 0aa"),
        ("12 Test Road||SO14 0AA", "12 Test Rd, Southampton|Southampton|SO14 0AA"),
        ("12 Test Road||SO14 0AA", "12 Test Rd; Southampton; Hampshire||SO14 0AA"),
        ("12 Test Road||SO14 0AA", "12 Test Road Southampton|Southampton|SO14 0AA"),
        ("12 Test Road||SO14 0AA", "12 Test Road, SO14 0AA||SO14 0AA"),
        ("12 Test Road||SO14 0AA", "12 Test Road SO14 0AA||"),
        ("12 Test Road||SO14 0AA", "No. 12 Test Road||SO14 0AA"),
        ("12 Test Road||SO14 0AA", "012 Test Road||SO14 0AA"),
        ("12 Test Road||SO14 0AA", "12 Tset Road||SO14 0AA"),
        ("12 Test Road||SO14 0AA", "12 Test||SO14 0AA"),
        ("12 Test Road||SO14 0AA", "12||SO14 0AA"),
        ("12 Oakfield Avenue||SO16 4BB", "12 Oak Field Ave||SO16 4BB"),
        ("12 Oakfield Avenue||SO16 4BB", "12 Oakfeild Av||SO16 4BB"),
        ("4 St Mary Street||SO14 0AA", "4 Saint Mary St||SO14 0AA"),
        ("4 St. John's Street||SO14 0AA", "4 St Johns St||SO14 0AA"),
        ("12A Test Road||SO14 0AA", "12 A Test Road||SO14 0AA"),
        ("12A Test Road||SO14 0AA", "12a, Test Road||SO14 0AA"),
        ("12A Test Road||SO14 0AA", "Flat A, 12 Test Road||SO14 0AA"),
        ("12A Test Road||SO14 0AA", "Flat A; 12 Test Rd||SO14 0AA"),
        ("12A Test Road||SO14 0AA", "A, 12 Test Road||SO14 0AA"),
        ("Flat 2, 12 Test Road||SO14 0AA", "12 Test Road; Flat 2||SO14 0AA"),
        ("Flat 2, 12 Test Road||SO14 0AA", "Apt 2; 12 Test Rd||SO14 0AA"),
        ("Flat 2, 12 Test Road||SO14 0AA", "Unit 2, 12 Test Road||SO14 0AA"),
        ("Flat 2, 12 Test Road||SO14 0AA", "2, 12 Test Road||SO14 0AA"),
        ("Flat 2, 12 Test Road||SO14 0AA", "2/12 Test Road||SO14 0AA"),
        ("Flat 2, Example Court, 12 Test Road||SO14 0AA", "2 Example Ct; 12 Test Rd||SO14 0AA"),
        ("Flat 14 Example House; Test Road||SO14 0AA", "14 Example Hse||SO14 0AA"),
        ("Flat 14 Example House; Test Road||SO14 0AA", "Flat 14, Exmaple House||SO14 0AA"),
        ("12 Example House, Test Road||SO14 0AA", "12 Test Road||SO14 0AA"),
        ("The Flat, 12 Test Road||SO14 0AA", "Flat, 12 Test Rd||SO14 0AA"),
        ("Room 5, Example Lodge, 12 Test Road||SO14 0AA", "Example Lodge; Rm 5; 12 Test Rd||SO14 0AA"),
        ("Ground Floor Flat, 12 Test Road||SO14 0AA", "GFF, 12 Test Road||SO14 0AA"),
        ("First Floor Flat, 12 Test Road||SO14 0AA", "1st Floor, 12 Test Road||SO14 0AA"),
        ("7 First Avenue||SO14 0AA", "7 1st Ave||SO14 0AA"),
        ("12-14 Test Road||SO14 0AA", "12 - 14 Test Rd||SO14 0AA"),
        ("Rose Cottage, Test Lane||SO14 0AA", "ROSE COTTAGE; Test Ln||SO14 0AA"),
        ("Rose Cottage, Test Lane||SO14 0AA", "Rose Ctg||SO14 0AA"),
        ("The Old Mill, Test Lane||SO14 0AA", "Old Mill, Test La.||SO14 0AA"),
        ("3 Kings Gardens||SO14 0AA", "3 King's Gdns||SO14 0AA"),
        ("3 Church Crescent||SO14 0AA", "3 Church Cres||SO14 0AA"),
        ("3 Park Terrace||SO14 0AA", "3 Pk Tce||SO14 0AA"),
        ("3 Queens Square||SO14 0AA", "3 Queens Sq||SO14 0AA"),
        ("3 Łódź Place||SO14 0AA", "3 Lodz Pl||SO14 0AA"),
        ("12 Test Road|Southampton|", "12, Test Rd.||SO14 0AA"),
        ("12 Test Road|Southampton|", "12 test road|SOUTHAMPTON|"),
    ] {
        assert!(same(&address(one), &address(two)), "{one} is {two}");
    }
}

#[test]
fn another_house_flat_street_or_postcode_is_another_address() {
    for (one, two) in [
        ("12 Test Road||SO14 0AA", "14 Test Road||SO14 0AA"),
        ("12 Test Road||SO14 0AA", "12 Test Road||SO14 0AB"),
        ("12 Test Road||SO14 0AA", "12A Test Road||SO14 0AA"),
        ("12A Test Road||SO14 0AA", "12B Test Road||SO14 0AA"),
        ("12 Test Road||SO14 0AA", "Flat 2, 12 Test Road||SO14 0AA"),
        ("2 Test Road||SO14 0AA", "Flat 2, 2 Test Road||SO14 0AA"),
        ("Flat 2, 12 Test Road||SO14 0AA", "Flat 3, 12 Test Road||SO14 0AA"),
        ("Flat 2, 12 Test Road||SO14 0AA", "Flat 12, 2 Test Road||SO14 0AA"),
        ("2, 12 Test Road||SO14 0AA", "12, 2 Test Road||SO14 0AA"),
        ("Flat A, 12 Test Road||SO14 0AA", "Flat B, 12 Test Road||SO14 0AA"),
        ("Ground Floor Flat, 12 Test Road||SO14 0AA", "First Floor Flat, 12 Test Road||SO14 0AA"),
        ("Annexe, 12 Test Road||SO14 0AA", "12 Test Road||SO14 0AA"),
        ("The Flat, 12 Test Road||SO14 0AA", "12 Test Road||SO14 0AA"),
        ("Annexe, Rose Cottage||SO14 0AA", "Annexe, Ivy Cottage||SO14 0AA"),
        ("Flat 2, Rose House, Test Road||SO14 0AA", "Flat 2, Ivy House, Test Road||SO14 0AA"),
        ("12 Rose House, Test Road||SO14 0AA", "12 Ivy House, Test Road||SO14 0AA"),
        ("12 Oak Hill||SO14 0AA", "12 Oak Field||SO14 0AA"),
        ("12 Test Road||SO14 0AA", "12 Test Close||SO14 0AA"),
        ("12 High Street||SO14 0AA", "12 High Road||SO14 0AA"),
        ("12 Test Road||SO14 0AA", "12 Other Road||SO14 0AA"),
        ("12 St Mary Road||SO14 0AA", "12 St Mary Close||SO14 0AA"),
        ("Rose Cottage, Test Lane||SO14 0AA", "Ivy Cottage, Test Lane||SO14 0AA"),
        ("Hill View||SO14 0AA", "Mill View||SO14 0AA"),
        ("Rose Cottage, Test Lane||SO14 0AA", "Test Lane||SO14 0AA"),
        ("Manor Farm||SO14 0AA", "The Lodge, Manor Farm||SO14 0AA"),
        ("12 Test Road|Southampton|", "12 Tset Road|Southampton|SO14 0AA"),
        ("12 High Street|Southampton|", "12 High Street|Winchester|SO23 9AA"),
        ("12 High Street|Southampton|", "12 High Street|Winchester|"),
        ("12||", "12||"),
        ("||SO14 0AA", "||SO14 0AA"),
        ("||SO14 0AA", "12 Test Road||SO14 0AA"),
        ("Unknown||", "unknown||"),
        ("No fixed abode|Southampton|", "No Fixed Abode|Southampton|"),
        ("Southampton|Southampton|SO14 0AA", "Southampton|Southampton|SO14 0AA"),
        ("||", "||"),
    ] {
        assert!(!same(&address(one), &address(two)), "{one} is not {two}");
    }
}

#[test]
fn two_property_numbers_decide() {
    let at = |uprn: &str, text: &str| Address { uprn: Uprn::parse(uprn).ok(), ..address(text) };
    assert!(same(&at("100060000001", "12 Test Road||SO14 0AA"), &at("100060000001", "Rose Cottage||SO14 0AB")));
    assert!(!same(&at("100060000001", "12 Test Road||SO14 0AA"), &at("100060000002", "12 Test Road||SO14 0AA")));
    assert!(same(&at("100060000001", "12 Test Road||SO14 0AA"), &address("12 Test Rd||SO14 0AA")));
    assert!(!same(&at("100060000001", ""), &address("12 Test Rd||SO14 0AA")));
}

#[test]
fn parts_of_bs_7666_are_the_same_as_lines() {
    let lines = address("Flat 2, Example House; 12 Test Rd|Southampton|SO14 0AA");
    assert!(same(&parts("Flat 2", "12", "TEST ROAD", "SO14 0AA"), &lines));
    assert!(same(&parts("2", "12", "TEST ROAD", "SO14 0AA"), &lines));
    assert!(!same(&parts("12", "2", "TEST ROAD", "SO14 0AA"), &lines));
    assert!(!same(&parts("", "12", "TEST ROAD", "SO14 0AA"), &lines));
    assert!(same(&parts("A", "12", "TEST ROAD", "SO14 0AA"), &address("12a Test Road||SO14 0AA")));
    let both = Address { lines: vec!["2".into(), "12 Test Road".into()], ..parts("2", "12", "Test Road", "SO14 0AA") };
    assert!(same(&both, &parts("2", "12", "Test Road", "SO14 0AA")));
    let in_locality = Address { locality: "Bitterne".into(), ..parts("", "12", "Test Road", "") };
    assert!(same(&in_locality, &address("12 Test Road, Bitterne|Southampton|SO14 0AA")));
}

#[test]
fn dates_and_temporary_do_not_matter() {
    let one = address("12 Test Road||SO14 0AA");
    let two = Address { temporary: true, from: "2026-11-20".parse().ok(), ..one.clone() };
    assert!(same(&one, &two));
}

/// Street names that no abbreviation touches.
const NAMES: [&str; 8] = ["Test", "Example", "Oakfield", "Kings Meadow", "Old Mill", "Saint Mary", "Victoria", "Long Down"];
const STREETS: [(&str, &str); 10] = [
    ("Road", "Rd"),
    ("Street", "St"),
    ("Avenue", "Ave"),
    ("Close", "Cl"),
    ("Court", "Ct"),
    ("Drive", "Dr"),
    ("Gardens", "Gdns"),
    ("Crescent", "Cres"),
    ("Lane", "Ln"),
    ("Terrace", "Tce"),
];
const POSTCODES: [&str; 3] = ["SO14 0AA", "SO14 0AB", "SO16 4BB"];

/// A written address: flat, number with its letter, name and kind of the street, postcode.
#[derive(Debug, Clone, PartialEq)]
struct House {
    flat: Option<u8>,
    number: u16,
    letter: Option<char>,
    name: usize,
    street: usize,
    postcode: usize,
}

#[derive(Debug, Clone)]
struct Spelling {
    case: u8,
    short: bool,
    turned: bool,
    gap: bool,
    comma: bool,
    town_in_line: bool,
    label: usize,
}

fn any_house() -> impl Strategy<Value = House> {
    let letter = proptest::option::of(prop_oneof![Just('A'), Just('B'), Just('C')]);
    (proptest::option::of(1u8..20), 1u16..200, letter, 0..NAMES.len(), 0..STREETS.len(), 0..POSTCODES.len())
        .prop_map(|(flat, number, letter, name, street, postcode)| House { flat, number, letter, name, street, postcode })
}

fn any_spelling() -> impl Strategy<Value = Spelling> {
    (0u8..3, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), 0usize..4).prop_map(
        |(case, short, turned, gap, comma, town_in_line, label)| Spelling { case, short, turned, gap, comma, town_in_line, label },
    )
}

fn written(house: &House, how: &Spelling) -> Address {
    let street = if how.short { STREETS[house.street].1 } else { STREETS[house.street].0 };
    let name = if how.short { NAMES[house.name].replace("Saint", "St.") } else { NAMES[house.name].to_owned() };
    let letter = house.letter.map(|l| if how.gap { format!(" {l}") } else { l.to_string() }).unwrap_or_default();
    let comma = if how.comma { "," } else { "" };
    let mut lines = vec![format!("{}{letter}{comma} {name} {street}", house.number)];
    if let Some(flat) = house.flat {
        lines.push(format!("{} {flat}", ["Flat", "Apt", "Apartment", "Unit"][how.label]));
    }
    if how.town_in_line {
        lines.push("Southampton".to_owned());
    }
    if how.turned {
        lines.reverse();
    }
    for line in &mut lines {
        *line = match how.case {
            0 => line.clone(),
            1 => line.to_uppercase(),
            _ => line.to_lowercase(),
        };
    }
    Address { lines, town: "Southampton".to_owned(), postcode: Postcode::parse(POSTCODES[house.postcode]).ok(), ..Address::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn one_house_is_one_place_in_any_spelling(house in any_house(), one in any_spelling(), two in any_spelling()) {
        let (one, two) = (written(&house, &one), written(&house, &two));
        prop_assert!(one.is_same_place(&one) && one.is_same_place(&two) && two.is_same_place(&one), "{:?} {:?}", one.lines, two.lines);
        // Without a postcode on one side too.
        let without = Address { postcode: None, ..one };
        prop_assert!(without.is_same_place(&two) && two.is_same_place(&without), "{:?} {:?}", without.lines, two.lines);
    }

    #[test]
    fn another_number_letter_flat_or_postcode_is_never_the_same_place(
        house in any_house(), other in any_house(), which in 0u8..4, one in any_spelling(), two in any_spelling()
    ) {
        let mut changed = house.clone();
        match which {
            0 => changed.number = other.number,
            1 => changed.letter = other.letter,
            2 => changed.flat = other.flat,
            _ => changed.postcode = other.postcode,
        }
        prop_assume!(changed != house);
        let (one, two) = (written(&house, &one), written(&changed, &two));
        prop_assert!(!one.is_same_place(&two) && !two.is_same_place(&one), "{:?} {:?}", one.lines, two.lines);
        if which < 3 {
            let without = Address { postcode: None, ..one };
            prop_assert!(!without.is_same_place(&two));
        }
    }

    #[test]
    fn any_text_has_an_answer_that_does_not_depend_on_the_side(
        a in "[ -~½Ł]{0,30}", b in "[0-9A-Fa-f ,;/Rd]{0,12}", c in "[0-9A-Fa-f ,;/Rd]{0,12}", saon in "[0-9A ]{0,3}", with in any::<bool>()
    ) {
        let postcode = with.then(|| Postcode::parse("SO14 0AA").unwrap());
        let one = Address { lines: vec![a, b.clone()], postcode, ..Address::default() };
        let two = Address { lines: vec![c], saon, postcode, ..Address::default() };
        prop_assert_eq!(one.is_same_place(&two), two.is_same_place(&one));
        let alone = Address { lines: vec![b], ..two.clone() };
        prop_assert_eq!(alone.is_same_place(&two), two.is_same_place(&alone));
    }
}
