//! Schools: `schools.csv`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::area::Line;
use crate::{ConfigFault, LaCode, Laestab, Urn};

/// The header of `schools.csv`, in order.
pub const SCHOOLS_HEADER: &str = "laestab,urn,name,phase,la,mis,lowest_year,highest_year,channel,link_ewo,list_outstanding";

/// One school, as `schools.csv` has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct School {
    /// Number.
    pub laestab: Laestab,
    /// Reference number in Get Information about Schools.
    pub urn: Option<Urn>,
    /// Name.
    pub name: String,
    /// `nursery`, `primary`, `infant`, `junior`, `secondary`, `all-through`, `special`, `pru`, `independent`, `sixth-form`, `other`.
    pub phase: String,
    /// The authority it stands in.
    pub la: LaCode,
    /// Its MIS (`sims`, `arbor`, `bromcom`), empty where not known.
    pub mis: String,
    /// Lowest year group, Reception = 0, nursery = -1.
    pub lowest_year: Option<i8>,
    /// Highest year group.
    pub highest_year: Option<i8>,
    /// How messages reach it.
    pub channel: String,
    /// Its link education welfare officer.
    pub link_ewo: String,
    /// Its list of residents is due and has not come.
    pub list_outstanding: bool,
}

impl School {
    /// Whether it may teach that year group; a school without stated years may teach any.
    pub fn teaches(&self, year: i8) -> bool {
        self.lowest_year.is_none_or(|low| low <= year) && self.highest_year.is_none_or(|high| year <= high)
    }
}

/// The header of `school_links.csv`, in order.
pub const LINKS_HEADER: &str = "laestab,successor";

/// All schools, by number, and what became of numbers that are no longer in use.
#[derive(Debug, Clone, Default)]
pub struct Schools {
    by_number: BTreeMap<Laestab, School>,
    successors: BTreeMap<Laestab, Laestab>,
}

impl Schools {
    /// Reads `schools.csv`. Every fault is reported with its line; a home with faults is not run.
    ///
    /// # Errors
    /// All faults found.
    pub fn parse(file: &str, text: &str) -> Result<Schools, Vec<ConfigFault>> {
        let mut faults = Vec::new();
        let mut by_number = BTreeMap::new();
        for row in crate::area::table(file, text, SCHOOLS_HEADER, &mut faults) {
            match school(&row) {
                Ok(school) if by_number.contains_key(&school.laestab) => {
                    faults.push(row.fault(file, 0, "this laestab stands in the file twice", "keep one of the two lines"));
                }
                Ok(school) => {
                    by_number.insert(school.laestab, school);
                }
                Err((cell, what, hint)) => faults.push(row.fault(file, cell, what, hint)),
            }
        }
        if faults.is_empty() { Ok(Schools { by_number, successors: BTreeMap::new() }) } else { Err(faults) }
    }

    /// Adds `school_links.csv`: which school carries on for a number that is no longer in use (an academy for the school it
    /// was converted from).
    ///
    /// # Errors
    /// All faults found.
    pub fn with_links(mut self, file: &str, text: &str) -> Result<Schools, Vec<ConfigFault>> {
        let mut faults = Vec::new();
        for row in crate::area::table(file, text, LINKS_HEADER, &mut faults) {
            let number = |i: usize| Laestab::parse(row.cell(i)).ok();
            match (number(0), number(1)) {
                (Some(before), Some(after)) if before != after => {
                    self.successors.insert(before, after);
                }
                _ => faults.push(row.fault(
                    file,
                    0,
                    "these are not two numbers of schools",
                    "write the old LAESTAB and the one of the school that carries on",
                )),
            }
        }
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }

    /// The number under which a school goes on today: itself, or its successor's, over several conversions.
    pub fn now(&self, laestab: Laestab) -> Laestab {
        let mut number = laestab;
        // More steps than there are links would be a circle.
        for _ in 0..self.successors.len() {
            match self.successors.get(&number) {
                Some(next) => number = *next,
                None => break,
            }
        }
        number
    }

    /// Whether any number has a successor.
    pub fn has_links(&self) -> bool {
        !self.successors.is_empty()
    }

    /// The schools given.
    pub fn of(schools: impl IntoIterator<Item = School>) -> Schools {
        Schools { by_number: schools.into_iter().map(|s| (s.laestab, s)).collect(), successors: BTreeMap::new() }
    }

    /// The school of that number.
    pub fn get(&self, laestab: Laestab) -> Option<&School> {
        self.by_number.get(&laestab)
    }

    /// All schools, by number.
    pub fn iter(&self) -> impl Iterator<Item = &School> {
        self.by_number.values()
    }
}

/// A school from its line, or which value is wrong, what is wrong with it, and what to do.
fn school(row: &Line) -> Result<School, (usize, String, String)> {
    let cell = |i: usize| row.cell(i);
    let fault = |i: usize, what: &str, hint: &str| (i, what.to_owned(), hint.to_owned());
    let laestab = Laestab::parse(cell(0)).map_err(|e| fault(0, "laestab is none", &e.to_string()))?;
    let year = |i: usize| match cell(i) {
        "" => Ok(None),
        "R" | "r" => Ok(Some(0)),
        "N" | "n" => Ok(Some(-1)),
        y => y
            .parse::<i8>()
            .ok()
            .filter(|y| (-2..=14).contains(y))
            .map(Some)
            .ok_or_else(|| fault(i, "a year group is none", "write N, R or 1 to 14")),
    };
    Ok(School {
        laestab,
        urn: if cell(1).is_empty() { None } else { Some(Urn::parse(cell(1)).map_err(|e| fault(1, "urn is none", &e.to_string()))?) },
        name: cell(2).to_owned(),
        phase: cell(3).to_owned(),
        la: if cell(4).is_empty() {
            laestab.authority()
        } else {
            LaCode::parse(cell(4)).map_err(|e| fault(4, "la is none", &e.to_string()))?
        },
        mis: cell(5).to_owned(),
        lowest_year: year(6)?,
        highest_year: year(7)?,
        channel: cell(8).to_owned(),
        link_ewo: cell(9).to_owned(),
        list_outstanding: match cell(10) {
            "" | "no" | "false" | "0" => false,
            "yes" | "true" | "1" => true,
            _ => return Err(fault(10, "list_outstanding is neither yes nor no", "write yes or no")),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_is_read_from_its_line() {
        let schools = Schools::parse(
            "schools.csv",
            &format!(
                "{SCHOOLS_HEADER}\n8524278,116458,Bitterne Park,secondary,852,sims,7,11,,,\n8502254,,\"Warren, Park\",primary,,,R,6,,,yes\n"
            ),
        )
        .unwrap();
        let school = schools.get(Laestab::parse("8502254").unwrap()).unwrap();
        assert!(school.list_outstanding && school.teaches(0) && !school.teaches(7));
        assert_eq!((school.name.as_str(), school.la.to_string().as_str()), ("Warren, Park", "850"));
    }

    #[test]
    fn a_number_goes_on_as_its_successors() {
        let of = |text: &str| Laestab::parse(text).unwrap();
        let links = format!("{LINKS_HEADER}\n8522401,8522000\n8522000,8522005\n8523000,8523001\n8523001,8523000\n");
        let schools = Schools::default().with_links("school_links.csv", &links).unwrap();
        assert_eq!((schools.now(of("8522401")), schools.now(of("8524001"))), (of("8522005"), of("8524001")));
        let _ends = schools.now(of("8523000"));
        assert_eq!(Schools::default().with_links("l.csv", &format!("{LINKS_HEADER}\n8522401,\n")).unwrap_err()[0].line, 2);
    }

    #[test]
    fn a_fault_names_its_line() {
        let faults =
            Schools::parse("schools.csv", &format!("{SCHOOLS_HEADER}\n8524278,,A,,,,,,,,\n852,,B,,,,,,,,\n8524278,,C,,,,,,,,maybe\n"))
                .unwrap_err();
        assert_eq!(faults.iter().map(|f| (f.line, f.column)).collect::<Vec<_>>(), [(3, 1), (4, 19)]);
        assert_eq!(Schools::parse("s.csv", "laestab,name\n").unwrap_err()[0].line, 1);
    }
}
