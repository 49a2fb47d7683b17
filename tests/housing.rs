//! What the housing team reports, in each of its forms, about the invented children of [`Person`].

use serde_json::{Value, json};

use crate::Person;

/// Header of the housing team's table: one row per person who moved.
pub const HOUSING: &str =
    "reference,moved_on,kind,from_uprn,from_address,from_postcode,to_uprn,to_address,to_town,to_postcode,forename,surname,dob,protected\n";

/// A house or flat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Property number, or nothing.
    pub uprn: String,
    /// House and street.
    pub street: String,
    /// Postcode.
    pub postcode: String,
}

impl Place {
    /// A place without a property number.
    pub fn at(street: &str, postcode: &str) -> Place {
        Place { uprn: String::new(), street: street.to_owned(), postcode: postcode.to_owned() }
    }

    fn object(&self) -> Value {
        let mut object = json!({"lines": [self.street], "town": "Southampton", "postcode": self.postcode});
        if !self.uprn.is_empty() {
            object["uprn"] = self.uprn.clone().into();
        }
        object
    }

    fn line(&self) -> String {
        format!("{}, Southampton, {}", self.street, self.postcode)
    }
}

/// One change of address.
#[derive(Debug, Clone)]
pub struct Move {
    /// The housing team's number.
    pub reference: String,
    /// The day.
    pub moved_on: String,
    /// `move`, `temporary-accommodation`, `left-area`.
    pub kind: String,
    /// The old place.
    pub from: Place,
    /// The new place, where it is known.
    pub to: Option<Place>,
    /// Forename, surname and birth date of those who are named.
    pub people: Vec<[String; 3]>,
    /// Whether the address is protected.
    pub protected: bool,
}

impl Move {
    /// The child moves on 20 November 2026 from its house in Test Road to the house of its number in Other Street.
    pub fn of(child: &Person) -> Move {
        Move {
            reference: format!("H-20261120-{:04}", child.number),
            moved_on: "2026-11-20".to_owned(),
            kind: "move".to_owned(),
            from: Place::at(&child.street, &child.postcode),
            to: Some(Place::at(&format!("{} Other Street", child.number), "SO16 4BB")),
            people: vec![[child.forename.clone(), child.surname.clone(), child.dob.to_string()]],
            protected: false,
        }
    }

    /// The same, to another place.
    pub fn to(mut self, street: &str, postcode: &str) -> Move {
        self.to = Some(Place::at(street, postcode));
        self
    }

    /// The same, on another day and so under another number.
    pub fn on(mut self, day: &str) -> Move {
        self.reference = format!("{}-{day}", self.reference);
        day.clone_into(&mut self.moved_on);
        self
    }

    /// The same, of an address that is protected.
    pub fn protected(mut self) -> Move {
        self.protected = true;
        self
    }

    /// The same with nobody named: whoever lives at the old place.
    pub fn of_nobody(mut self) -> Move {
        self.people.clear();
        self
    }

    /// The same with one person more.
    pub fn with(mut self, forename: &str, surname: &str, dob: &str) -> Move {
        self.people.push([forename, surname, dob].map(str::to_owned));
        self
    }

    /// The object of the interface.
    pub fn object(&self) -> Value {
        let people: Vec<Value> = self.people.iter().map(|[f, s, d]| json!({"forename": f, "surname": s, "dob": d})).collect();
        let mut object = json!({
            "reference": self.reference, "moved_on": self.moved_on, "kind": self.kind, "from": self.from.object(),
            "people": people, "protected": self.protected,
        });
        if let Some(to) = &self.to {
            object["to"] = to.object();
        }
        object
    }

    /// The rows of the table, one per person; one without a person where nobody is named.
    pub fn rows(&self) -> String {
        let to = self.to.clone().unwrap_or_else(|| Place::at("", ""));
        let town = if self.to.is_some() { "Southampton" } else { "" };
        let nobody = [String::new(), String::new(), String::new()];
        let people: Vec<&[String; 3]> = if self.people.is_empty() { vec![&nobody] } else { self.people.iter().collect() };
        let row = |[forename, surname, dob]: &[String; 3]| {
            let (from, protected) = (&self.from, self.protected);
            let head =
                [&self.reference, &self.moved_on, &self.kind, &from.uprn, &from.street, &from.postcode].map(String::as_str).join(",");
            format!("{head},{},{},{town},{},{forename},{surname},{dob},{protected}\n", to.uprn, to.street, to.postcode)
        };
        people.into_iter().map(row).collect()
    }

    /// The event of a housing system; it names nobody.
    pub fn event(&self) -> Value {
        let to =
            self.to.as_ref().map_or_else(|| json!({}), |to| json!({"id": "a1", "contactType": 2, "value": to.line(), "description": null}));
        json!({
            "id": format!("e-{}", self.reference), "eventType": "ContactDetailEditedEvent", "sourceDomain": "ContactDetails",
            "sourceSystem": "HousingSystem", "version": "v1", "correlationId": "c1", "dateTime": format!("{}T09:12:44Z", self.moved_on),
            "user": {"name": "Housing Officer", "email": "h.officer@council.example"}, "entityId": "7d5e",
            "eventData": {"oldData": {"value": self.from.line()}, "newData": to},
        })
    }
}

/// The housing team's table of these moves.
pub fn housing(moves: &[Move]) -> String {
    moves.iter().fold(HOUSING.to_owned(), |text, m| text + &m.rows())
}
