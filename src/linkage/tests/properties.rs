//! Properties that hold for any records in any order.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// What is told: source, kind of stream, key, record.
#[derive(Clone)]
struct Telling {
    source: u32,
    kind: u32,
    key: u8,
    record: Record,
}

impl std::fmt::Debug for Telling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {} {}", self.source, self.kind, self.key, serde_json::to_string(&self.record).unwrap_or_default())
    }
}

impl Telling {
    fn learn(&self, linker: &mut Linker, child: ChildId) {
        linker.learn(&self.arrival(&self.key.to_string()), child);
    }

    fn place(&self, linker: &Linker) -> Placement {
        linker.place(&self.arrival(&self.key.to_string()))
    }

    fn arrival<'a>(&'a self, key: &'a str) -> Arrival<'a> {
        Arrival { source: self.source, stream: self.stream(), key, record: &self.record }
    }

    fn stream(&self) -> u32 {
        self.source * 10 + self.kind
    }
}

/// Records out of so few values that everything collides.
fn any_record() -> impl Strategy<Value = Record> {
    let name = || {
        (
            prop::sample::select(vec!["Ada", "Eda", "Adam", "", "A", "Baby", "李"]),
            prop::sample::select(vec!["Example", "Exampel", "Sample-Example", "O'Ex", ""]),
        )
    };
    let dob = prop::option::of(prop::sample::select(vec!["2013-04-02", "2013-02-04", "2014-04-02", "-9999-01-01", "9999-12-31"]));
    let numbers = (prop::option::of(0u32..4), prop::collection::vec(0u32..4, 0..3), prop::option::of(0u32..3), prop::option::of(0u32..2));
    let homes = prop::collection::vec((1u32..3, prop::sample::select(vec!["SO14 0AA", "SO14 0AB"])), 0..3);
    (
        name(),
        prop::option::of(name()),
        prop::collection::vec(name(), 0..3),
        dob,
        numbers,
        homes,
        prop::option::of(0u8..4),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(legal, preferred, former, dob, (current, formers, nhs_n, uln_n), homes, id, adopted)| {
            let number = |n: u32| if n == 3 { temporary(n) } else { upn(n + 1) };
            let mut record = Record {
                name: named(legal.0, legal.1),
                preferred_name: preferred.map(|n| named(n.0, n.1)),
                former_names: former.into_iter().map(|n| named(n.0, n.1)).collect(),
                dob: dob.map(day),
                upn: current.map(number),
                former_upns: formers.into_iter().map(number).collect(),
                nhs_number: nhs_n.map(nhs),
                uln: uln_n.map(uln),
                source_id: id.map(|id| id.to_string()),
                ..Record::default()
            };
            homes.into_iter().for_each(|(n, postcode)| record.addresses.push(home(&format!("{n} Test Road"), postcode)));
            if adopted { record.adopted() } else { record }
        })
}

fn any_telling() -> impl Strategy<Value = Telling> {
    (1u32..4, 0u32..2, 0u8..5, any_record()).prop_map(|(source, kind, key, record)| Telling { source, kind, key, record })
}

#[derive(Debug, Clone)]
enum Act {
    Tell(Box<Telling>, i64),
    Forget(u32, u8),
    Rejoin(i64, i64),
    Move(u32, u8, i64),
    Decide(u32, u8, u32, u8, bool),
    Undo(u32, u8, u32, u8),
}

fn any_act() -> impl Strategy<Value = Act> {
    let stream = || (1u32..4, 0u32..2).prop_map(|(source, kind)| source * 10 + kind);
    prop_oneof![
        4 => (any_telling(), 0i64..5).prop_map(|(t, c)| Act::Tell(Box::new(t), c)),
        1 => (stream(), 0u8..5).prop_map(|(s, k)| Act::Forget(s, k)),
        1 => (0i64..5, 0i64..5).prop_map(|(f, t)| Act::Rejoin(f, t)),
        1 => (stream(), 0u8..5, 0i64..5).prop_map(|(s, k, t)| Act::Move(s, k, t)),
        1 => (stream(), 0u8..5, stream(), 0u8..5, any::<bool>()).prop_map(|(a, b, c, d, e)| Act::Decide(a, b, c, d, e)),
        1 => (stream(), 0u8..5, stream(), 0u8..5).prop_map(|(a, b, c, d)| Act::Undo(a, b, c, d)),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_order_of_acts_keeps_the_index_whole(acts in prop::collection::vec(any_act(), 0..40), probe in any_telling()) {
        let mut linker = Linker::new();
        let mut model: BTreeMap<(u32, u8), i64> = BTreeMap::new();
        for act in acts {
            match act {
                Act::Tell(t, child) => {
                    t.place(&linker);
                    t.learn(&mut linker, ChildId(child));
                    model.insert((t.stream(), t.key), child);
                }
                Act::Forget(s, k) => {
                    linker.forget(s, &k.to_string());
                    model.remove(&(s, k));
                }
                Act::Rejoin(from, to) => {
                    linker.rejoin(ChildId(from), ChildId(to));
                    model.values_mut().filter(|c| **c == from).for_each(|c| *c = to);
                }
                Act::Move(s, k, to) => {
                    linker.move_record(s, &k.to_string(), ChildId(to));
                    model.entry((s, k)).and_modify(|c| *c = to);
                }
                Act::Decide(a, b, c, d, same) => linker.decide((a, &b.to_string()), (c, &d.to_string()), same),
                Act::Undo(a, b, c, d) => linker.undo((a, &b.to_string()), (c, &d.to_string())),
            }
            linker.audit();
        }
        prop_assert_eq!(linker.len(), model.len());
        for ((s, k), child) in &model {
            prop_assert_eq!(linker.child(*s, &k.to_string()), Some(ChildId(*child)));
        }
        probe.place(&linker);
    }

    #[test]
    fn a_record_told_again_as_it_was_is_itself(known in prop::collection::vec(any_telling(), 0..10), telling in any_telling()) {
        let mut linker = Linker::new();
        known.iter().enumerate().for_each(|(n, t)| t.learn(&mut linker, ChildId(n as i64 + 1)));
        telling.learn(&mut linker, ChildId(100));
        let placement = telling.place(&linker);
        prop_assert_eq!((placement.outcome, placement.rule), (Outcome::Join(ChildId(100)), rule::SAME_RECORD));
    }

    #[test]
    fn forgetting_restores_what_was(known in prop::collection::vec(any_telling(), 0..10), more in prop::collection::vec(any_telling(), 0..6), probe in any_telling()) {
        let mut linker = Linker::new();
        known.iter().enumerate().for_each(|(n, t)| t.learn(&mut linker, ChildId(n as i64)));
        let more: Vec<Telling> = more.into_iter().map(|t| Telling { kind: t.kind + 5, ..t }).collect();
        let before = (probe.place(&linker), linker.audit(), linker.len());
        more.iter().for_each(|t| t.learn(&mut linker, ChildId(3)));
        more.iter().for_each(|t| linker.forget(t.stream(), &t.key.to_string()));
        prop_assert_eq!((probe.place(&linker), linker.audit(), linker.len()), before);
    }

    #[test]
    fn undoing_restores_what_was(known in prop::collection::vec(any_telling(), 1..10), same in any::<bool>(), probe in any_telling()) {
        let mut linker = Linker::new();
        known.iter().enumerate().for_each(|(n, t)| t.learn(&mut linker, ChildId(n as i64)));
        let before = probe.place(&linker);
        let (one, other) = (known[0].key.to_string(), probe.key.to_string());
        linker.decide((known[0].stream(), &one), (probe.stream(), &other), same);
        linker.undo((probe.stream(), &other), (known[0].stream(), &one));
        prop_assert_eq!(probe.place(&linker), before);
    }

    #[test]
    fn the_order_of_learning_does_not_matter_to_whom_a_record_joins(known in prop::collection::vec(any_telling(), 0..8), probe in any_telling()) {
        let (mut forth, mut back) = (Linker::new(), Linker::new());
        let unique: BTreeMap<(u32, u8), (usize, Telling)> = known.into_iter().enumerate().map(|(n, t)| ((t.stream(), t.key), (n, t))).collect();
        unique.values().for_each(|(n, t)| t.learn(&mut forth, ChildId(*n as i64 / 2)));
        unique.values().rev().for_each(|(n, t)| t.learn(&mut back, ChildId(*n as i64 / 2)));
        let (one, other) = (probe.place(&forth), probe.place(&back));
        prop_assert_eq!((one.outcome, one.rule), (other.outcome, other.rule));
    }

    #[test]
    fn exact_records_come_together_in_any_order(order in Just((0..24usize).collect::<Vec<_>>()).prop_shuffle()) {
        let mut hub = Hub::default();
        let mut children: BTreeMap<usize, Vec<ChildId>> = BTreeMap::new();
        for n in order {
            // Six children, two of them twins, each told by four sources.
            let (who, source) = (n / 4, n % 4);
            let dob = if who < 2 { "2013-04-02".to_owned() } else { format!("2013-04-{:02}", who + 10) };
            let forename = ["Ada", "Ben", "Cai", "Dot", "Eve", "Fay"][who];
            let record = child(forename, "Example", &dob).upn(upn(who as u32 + 1)).at("1 Test Road", "SO14 0AA").id(&who.to_string());
            let (found, placement) = hub.tell(source as u32, &record);
            prop_assert!(!matches!(placement.outcome, Outcome::Review(_)));
            children.entry(who).or_default().push(found);
        }
        let firsts: std::collections::BTreeSet<ChildId> = children.values().map(|all| all[0]).collect();
        prop_assert!(children.values().all(|all| all.iter().all(|c| *c == all[0])));
        prop_assert_eq!(firsts.len(), 6);
    }

    #[test]
    fn two_permanent_upns_never_join_automatically(known in any_record(), given in any_record(), former in any::<bool>()) {
        // A former UPN of both is no bridge: neither present one is the other's.
        let formers = if former { vec![upn(7)] } else { vec![] };
        let known = Record { upn: Some(upn(8)), former_upns: formers.clone(), ..known };
        let given = Record { upn: Some(upn(9)), former_upns: formers, ..given };
        let mut linker = Linker::new();
        linker.learn(&Arrival { source: 1, stream: 10, key: "a", record: &known }, ChildId(1));
        let placement = linker.place(&Arrival { source: 2, stream: 20, key: "b", record: &given });
        prop_assert_ne!(placement.outcome, Outcome::Join(ChildId(1)));
    }
}
