//! A move reaches the school: one report of the housing team in, exactly one file at each school that did not know.

mod days;
mod forms;
mod held;
mod household;
mod shown;

use acceptance::{Agreement, ELMWOOD, FIELDS, Move, OAKWOOD, PUPILS, Person, Town};

/// Child n as Oakwood lists it.
fn child(n: u32) -> Person {
    Person::of(n)
}

#[test]
fn each_school_that_does_not_know_gets_exactly_one_file_with_exactly_the_agreed_fields() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(1)), Move::of(&child(51))]);
    assert_eq!(town.out(OAKWOOD), ["852LLLL_8524001_addr0001.csv"]);
    assert_eq!(town.out(ELMWOOD), ["852LLLL_8524002_addr0001.csv"]);
    let (row, ada) = (&town.told(OAKWOOD)[0], child(1));
    let mut agreed = FIELDS.to_vec();
    agreed.sort_unstable();
    assert_eq!(row.keys().collect::<Vec<_>>(), agreed);
    for (field, value) in [
        ("upn", ada.upn.as_str()),
        ("name.forename", "Ada"),
        ("name.surname", &ada.surname),
        ("dob", &ada.dob.to_string()),
        ("address.lines", "1 Other Street"),
        ("address.town", "Southampton"),
        ("address.postcode", "SO16 4BB"),
        ("address.from", "2026-11-20"),
    ] {
        assert_eq!(row[field], value, "{field}");
    }
    assert_eq!(town.told(ELMWOOD)[0]["upn"], child(51).upn);
    town.moved(&[Move::of(&child(2))]);
    assert_eq!(town.out(OAKWOOD), ["852LLLL_8524001_addr0001.csv", "852LLLL_8524001_addr0002.csv"]);
    assert_eq!(town.streets(OAKWOOD), ["1 Other Street", "2 Other Street"]);
    assert_eq!((town.out(ELMWOOD).len(), town.outbox().len()), (1, 3));
}

#[test]
fn the_fields_are_those_of_the_agreement_and_no_others() {
    let mut town = Town::new();
    let mut agreement = Agreement::with(OAKWOOD);
    agreement.fields = ["dob", "change.kind", "address.temporary", "address.uprn"].map(str::to_owned).to_vec();
    town.agree(&agreement);
    let mut temporary = Move::of(&child(1));
    temporary.kind = "temporary-accommodation".to_owned();
    temporary.to.as_mut().unwrap().uprn = "100060000002".to_owned();
    town.moved(&[temporary]);
    let text = std::fs::read_to_string(town.dir().join("out/8524001/852LLLL_8524001_addr0001.csv")).unwrap();
    let expected =
        format!("dob,change.kind,address.temporary,address.uprn\r\n{},temporary-accommodation,yes,100060000002\r\n", child(1).dob);
    assert_eq!(text, expected);
}

#[test]
fn a_school_that_has_the_address_in_another_spelling_is_not_told() {
    for (house, street, postcode) in
        [("3", "OTHER STREET", "so164bb"), ("3", "Other St.", "SO16 4BB"), ("", "3, Other Street", "SO16  4BB")]
    {
        let mut town = Town::new();
        let before = child(3).pupil();
        let row = before.replace("4,Test Road", &format!("{house},\"{street}\"")).replace("SO14 0AA", postcode);
        assert_ne!(row, before);
        town.drop_file(
            "oakwood",
            "pupils_2026-11-23.csv",
            PUPILS.to_owned() + &row + &(4..10).map(|n| child(n).pupil()).collect::<String>(),
        );
        town.moved(&[Move::of(&child(3))]);
        assert!(town.out(OAKWOOD).is_empty() && town.outbox().is_empty(), "{house} {street} {postcode}: {:?}", town.outbox());
        assert!(town.unknown_addresses().is_empty());
    }
}

#[test]
fn a_school_that_has_the_same_property_number_is_not_told_whatever_its_words() {
    let mut town = Town::new();
    let row = child(3).pupil().replace("4,Test Road", "Rose Cottage,Mill Lane").replace('\n', ",100060000003\n");
    town.drop_file("oakwood", "pupils_2026-11-23.csv", PUPILS.replace('\n', ",UPRN\n") + &row);
    let mut change = Move::of(&child(3));
    change.to.as_mut().unwrap().uprn = "100060000003".to_owned();
    town.moved(&[change]);
    assert!(town.outbox().is_empty(), "{:?}", town.outbox());
}

#[test]
fn another_house_in_the_same_street_is_another_address() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(3)).to("40 Test Road", "SO14 0AA")]);
    assert_eq!(town.streets(OAKWOOD), ["40 Test Road"]);
}

#[test]
fn a_child_on_two_rolls_is_told_to_both_schools_once_each() {
    let mut town = Town::of([1, 2].into_iter(), [1].into_iter());
    town.moved(&[Move::of(&child(1))]);
    assert_eq!((town.streets(OAKWOOD), town.streets(ELMWOOD)), (vec!["1 Other Street".to_owned()], vec!["1 Other Street".to_owned()]));
    assert_eq!(town.states(), ["sent", "sent"]);
}

#[test]
fn of_two_schools_only_the_one_that_does_not_know_is_told() {
    let mut town = Town::of([1, 2].into_iter(), [3].into_iter());
    let row = child(1).pupil().replace("2,Test Road", "1,Other Street").replace("SO14 0AA", "SO16 4BB");
    town.drop_file("elmwood", "pupils_2026-11-23.csv", PUPILS.to_owned() + &row + &child(3).pupil());
    town.moved(&[Move::of(&child(1))]);
    assert_eq!((town.out(OAKWOOD).len(), town.out(ELMWOOD).len()), (1, 0));
}

#[test]
fn who_has_left_the_school_or_is_at_none_is_told_to_nobody() {
    let mut town = Town::new();
    town.roll("oakwood", "2026-11-23", &(2..10).map(child).collect::<Vec<_>>());
    town.moved(&[Move::of(&child(1))]);
    assert!(town.outbox().is_empty(), "{:?}", town.outbox());
}

#[test]
fn a_move_to_nobody_knows_where_is_told_to_nobody() {
    let mut town = Town::new();
    let mut gone = Move::of(&child(1));
    (gone.kind, gone.to) = ("left-area".to_owned(), None);
    town.moved(&[gone]);
    assert!(town.outbox().is_empty(), "{:?}", town.outbox());
}

#[test]
fn a_move_out_of_the_area_to_a_known_place_is_told() {
    let mut town = Town::new();
    let mut gone = Move::of(&child(1)).to("3 Sample Close", "PO16 0AA");
    gone.kind = "left-area".to_owned();
    town.moved(&[gone]);
    assert_eq!(town.streets(OAKWOOD), ["3 Sample Close"]);
}

#[test]
fn a_value_cannot_become_a_formula_or_a_second_row() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(1)).to("\"=HYPERLINK(\"\"x\"\")\n5 Other Street\"", "SO16 4BB")]);
    let told = town.streets(OAKWOOD);
    assert!(told[0].starts_with("'="), "{told:?}");
}
