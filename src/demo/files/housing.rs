//! Housing: changes of address as a JSON array, as JSON lines, as CSV with a row per person, and as a housing system's events.

use serde::Serialize;

use super::Drop;
use super::cells::{Lines, iso};
use crate::DemoError;
use crate::council::Council;
use crate::housing::{Move, People, Sent};
use crate::life::{Life, Seen, Spot};
use crate::school::{Form, List};

const TABLE: [&str; 14] = [
    "reference",
    "moved_on",
    "kind",
    "from_uprn",
    "from_address",
    "from_postcode",
    "to_uprn",
    "to_address",
    "to_town",
    "to_postcode",
    "forename",
    "surname",
    "dob",
    "protected",
];

#[derive(Serialize)]
struct Change {
    reference: String,
    moved_on: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Place>,
    people: Vec<Person>,
    protected: bool,
}

#[derive(Serialize)]
struct Place {
    uprn: String,
    lines: [String; 1],
    town: String,
    postcode: String,
}

#[derive(Serialize, Clone)]
struct Person {
    forename: String,
    surname: String,
    dob: String,
}

/// A change of contact details as the open source housing systems of London councils publish it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    id: String,
    event_type: &'static str,
    source_domain: &'static str,
    source_system: &'static str,
    version: &'static str,
    correlation_id: String,
    date_time: String,
    user: User,
    entity_id: String,
    event_data: Both,
}

#[derive(Serialize)]
struct User {
    name: &'static str,
    email: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Both {
    old_data: Old,
    new_data: New,
}

/// Empty where the system does not say what it was before.
#[derive(Serialize)]
struct Old {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct New {
    id: String,
    contact_type: u8,
    value: Option<String>,
    description: Option<String>,
}

/// A move, its number, and the children who move.
type Entry<'a> = (usize, &'a Move, Vec<&'a Life>);

/// Writes them. Moves of children who were left out for want of room are left out too.
pub(super) fn write(drop: &mut Drop) -> Result<(), DemoError> {
    let council = drop.council;
    let mut movers: Vec<Vec<&Life>> = vec![Vec::new(); council.moves.len()];
    for life in drop.lives {
        if let Some(at) = life.moving {
            movers[at].push(life);
        }
    }
    let all: Vec<Entry> = council
        .moves
        .iter()
        .zip(movers)
        .enumerate()
        .map(|(i, (change, lives))| (i + 1, change, lives))
        .filter(|e| !e.2.is_empty())
        .collect();
    let of = |sent: Sent| all.iter().filter(move |e| e.1.sent == sent);
    let source = council.list(List::Housing);
    let array: Vec<String> = of(Sent::Array).map(|e| line(&change(council, e))).collect();
    if !array.is_empty() {
        drop.text(source, "moves_2026-11-24.json", &format!("[\n{}\n]\n", array.join(",\n")), array.len())?;
    }
    for (name, lines) in [
        ("moves_2026-11-24.jsonl", of(Sent::Lines).map(|e| line(&change(council, e))).collect::<Vec<_>>()),
        ("events_2026-11-24.jsonl", of(Sent::Event).map(|e| line(&event(council, e))).collect()),
    ] {
        if !lines.is_empty() {
            drop.text(source, name, &format!("{}\n", lines.join("\n")), lines.len())?;
        }
    }
    let mut rows: Vec<Vec<String>> = of(Sent::Table).flat_map(|e| rows(council, e)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut table = drop.begin(source, "moves_2026-11-24.csv", Form::Csv, &TABLE)?;
    for row in &mut rows {
        table.row(row)?;
    }
    drop.end(table)
}

/// Nothing here that JSON could not hold.
fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn lines(council: &Council, dwelling: Option<u32>) -> Option<Lines> {
    dwelling.map(|dwelling| Lines::of(council, Seen::undated(Spot::Dwelling(dwelling))))
}

fn reference(number: usize) -> String {
    format!("H-20261124-{number:04}")
}

fn people((_, change, lives): &Entry) -> Vec<Person> {
    let child = |life: &&Life| Person {
        forename: life.names.forename.clone(),
        surname: life.names.surname.clone(),
        dob: life.dob.map(iso).unwrap_or_default(),
    };
    let tenant = match &change.people {
        People::ChildrenAnd(adult) | People::Only(adult) => {
            Some(Person { forename: adult.forename.to_owned(), surname: adult.surname.clone(), dob: iso(adult.dob) })
        }
        People::Children | People::Nobody => None,
    };
    let children = matches!(change.people, People::Children | People::ChildrenAnd(_));
    tenant.into_iter().chain(lives.iter().filter(|_| children).map(child)).collect()
}

fn change(council: &Council, entry: &Entry) -> Change {
    let (number, change, _) = entry;
    let place =
        |dwelling| lines(council, dwelling).map(|a| Place { uprn: a.uprn.clone(), lines: [a.first()], town: a.town, postcode: a.postcode });
    Change {
        reference: reference(*number),
        moved_on: iso(change.on),
        kind: change.kind.as_str(),
        from: place(change.from),
        to: place(change.to),
        people: people(entry),
        protected: change.protected,
    }
}

fn rows(council: &Council, entry: &Entry) -> Vec<Vec<String>> {
    let (number, change, _) = entry;
    let [from, to] = [change.from, change.to].map(|dwelling| lines(council, dwelling).unwrap_or_default());
    let mut people = people(entry);
    if people.is_empty() {
        people.push(Person { forename: String::new(), surname: String::new(), dob: String::new() });
    }
    let row = |person: Person| {
        vec![
            reference(*number),
            iso(change.on),
            change.kind.as_str().to_owned(),
            from.uprn.clone(),
            from.first(),
            from.postcode.clone(),
            to.uprn.clone(),
            to.first(),
            to.town.clone(),
            to.postcode.clone(),
            person.forename,
            person.surname,
            person.dob,
            change.protected.to_string(),
        ]
    };
    people.into_iter().map(row).collect()
}

fn event(council: &Council, (number, change, _): &Entry) -> Event {
    let id = |kind: u16| format!("{kind:08x}-0000-4000-8000-{number:012x}");
    let value = |dwelling| lines(council, dwelling).map(|a| format!("{}, {}, {}", a.first(), a.town, a.postcode));
    Event {
        id: id(1),
        event_type: "ContactDetailEditedEvent",
        source_domain: "ContactDetails",
        source_system: "HousingSystem",
        version: "v1",
        correlation_id: id(2),
        date_time: format!("{}T09:12:44Z", iso(change.on)),
        user: User { name: "Housing Officer", email: "h.officer@council.example" },
        entity_id: id(3),
        event_data: Both {
            old_data: Old { value: value(change.from) },
            new_data: New { id: id(4), contact_type: 2, value: value(change.to), description: None },
        },
    }
}
