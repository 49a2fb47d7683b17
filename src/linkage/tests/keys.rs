//! Learning, forgetting, merging and splitting leave nothing stale behind.

use super::*;

const DOB: &str = "2013-04-02";

fn full() -> Record {
    let mut record = child("Ada", "Example", DOB)
        .upn(upn(2))
        .formerly(upn(1))
        .nhs(1)
        .id("1")
        .at("1 Test Road", "SO14 0AA")
        .at("9 Other Street", "SO15 1BB");
    record.uln = Some(uln(1));
    record.preferred_name = Some(named("Addie", "Example"));
    record.former_names.push(named("Ada", "Sample"));
    record
}

/// Records that each find the full one by another key.
fn probes() -> Vec<Record> {
    let mut by_uln = child("Ada", "Example", DOB);
    by_uln.uln = Some(uln(1));
    vec![
        child("Ada", "Example", DOB).upn(upn(2)),
        child("Ada", "Example", DOB).upn(upn(1)),
        child("Ada", "Other", DOB).nhs(1),
        by_uln,
        child("Addie", "Example", DOB).at("1 Test Road", "SO14 0AA"),
        child("Ada", "Sample", DOB).at("9 Other Street", "SO15 1BB"),
    ]
}

fn found(linker: &Linker) -> Vec<Outcome> {
    probes().iter().map(|record| linker.place(&Arrival { source: COUNCIL, stream: 30, key: "probe", record }).outcome).collect()
}

#[test]
fn a_forgotten_record_is_found_by_nothing() {
    let mut linker = Linker::new();
    let record = full();
    linker.learn(&Arrival { source: SCHOOL, stream: 10, key: "key", record: &record }, ChildId(7));
    assert_eq!(found(&linker), vec![Outcome::Join(ChildId(7)); 6]);
    assert_eq!((linker.len(), linker.child(10, "key")), (1, Some(ChildId(7))));
    linker.forget(10, "key");
    assert_eq!(found(&linker), vec![Outcome::New; 6]);
    assert_eq!((linker.len(), linker.child(10, "key"), linker.audit()), (0, None, (0, [0; 4])));
    linker.forget(10, "key");
    linker.forget(99, "nobody");
    assert!(linker.is_empty());
}

#[test]
fn a_replaced_record_is_found_by_what_it_says_now() {
    let mut linker = Linker::new();
    linker.learn(&Arrival { source: SCHOOL, stream: 10, key: "key", record: &full() }, ChildId(7));
    let now = child("Ben", "Other", "2014-01-01").id("2");
    linker.learn(&Arrival { source: SCHOOL, stream: 10, key: "key", record: &now }, ChildId(8));
    assert_eq!(found(&linker), vec![Outcome::New; 6]);
    assert_eq!((linker.len(), linker.child(10, "key")), (1, Some(ChildId(8))));
    linker.audit();
}

#[test]
fn merged_children_are_one_and_a_split_record_is_its_own_child() {
    let mut linker = Linker::new();
    let other = child("Ben", "Other", "2014-01-01").id("5").upn(upn(9));
    linker.learn(&Arrival { source: SCHOOL, stream: 10, key: "key", record: &full() }, ChildId(7));
    linker.learn(&Arrival { source: COUNCIL, stream: 31, key: "5", record: &other }, ChildId(8));
    linker.rejoin(ChildId(7), ChildId(8));
    assert_eq!(found(&linker)[0], Outcome::Join(ChildId(8)));
    assert_eq!((linker.child(10, "key"), linker.child(31, "5")), (Some(ChildId(8)), Some(ChildId(8))));
    linker.move_record(31, "5", ChildId(9));
    assert_eq!(found(&linker), vec![Outcome::Join(ChildId(8)); 6]);
    linker.rejoin(ChildId(7), ChildId(1));
    linker.rejoin(ChildId(8), ChildId(8));
    linker.move_record(99, "nobody", ChildId(1));
    assert_eq!(found(&linker), vec![Outcome::Join(ChildId(8)); 6]);
    linker.audit();
}

#[test]
fn a_record_with_nothing_to_go_by_is_new_and_can_be_forgotten() {
    let mut linker = Linker::new();
    let empty = Record::default();
    let arrival = Arrival { source: 0, stream: 0, key: "", record: &empty };
    assert_eq!(linker.place(&arrival).outcome, Outcome::New);
    linker.learn(&arrival, ChildId(i64::MIN));
    assert_eq!(linker.place(&arrival).outcome, Outcome::Join(ChildId(i64::MIN)));
    linker.forget(0, "");
    assert_eq!(linker.audit(), (0, [0; 4]));
}

#[test]
fn a_hundred_thousand_alike_records_stay_quick() {
    let alike = child("Ada", "Example", "2010-01-01");
    let mut linker = Linker::new();
    for n in 0..100_000i64 {
        let key = n.to_string();
        let arrival = Arrival { source: SCHOOL, stream: 10, key: &key, record: &alike };
        if n % 1000 == 0 {
            linker.place(&arrival);
        }
        linker.learn(&arrival, ChildId(n % 3));
    }
    (0..100_000).for_each(|n| linker.forget(10, &n.to_string()));
    assert_eq!(linker.audit(), (0, [0; 4]));
}

#[test]
fn a_linker_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Linker>();
}

#[test]
fn a_record_in_a_crowd_stays_where_it_is() {
    let alike = child("Ada", "Example", DOB);
    let mut linker = Linker::with_capacity(10);
    for n in 0..=BLOCK + 1 {
        linker.learn(&Arrival { source: SCHOOL, stream: 10, key: &n.to_string(), record: &alike }, ChildId(1));
    }
    let placement = linker.place(&Arrival { source: SCHOOL, stream: 10, key: "0", record: &alike });
    assert_eq!((placement.outcome, placement.rule), (Outcome::Join(ChildId(1)), rule::SAME_RECORD));
}
