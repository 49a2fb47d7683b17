//! Faults of the kind that files of councils and schools have. They are put into rows while these are written:
//! the lives, and so the truth, do not change.

use crate::rng::Rng;

/// What a column holds, as far as faults go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Forename,
    Surname,
    Birth,
    Upn,
    Postcode,
    Uprn,
    Code,
    Day,
    Other,
}

/// Shares of rows with each fault, at the usual noise; per 10,000 rows.
const MISSPELT: f64 = 20.0;
const NO_UPN: f64 = 60.0;
const TEMPORARY_UPN: f64 = 15.0;
const WRONG_LETTER: f64 = 15.0;
const O_FOR_ZERO: f64 = 5.0;
const LOWER_CASE_UPN: f64 = 20.0;
const DAY_FOR_MONTH: f64 = 12.0;
const NO_SUCH_DAY: f64 = 3.0;
const IN_1900: f64 = 3.0;
const NO_BIRTH: f64 = 4.0;
const NOBODY: f64 = 2.0;
const NO_POSTCODE: f64 = 30.0;
const SPOILT_UPRN: f64 = 15.0;
const UNKNOWN_CODE: f64 = 20.0;
const UPPER_CASE: f64 = 60.0;
const SPACES: f64 = 30.0;
const TWICE: f64 = 8.0;
const RAGGED: f64 = 5.0;

/// Puts faults into the rows of one file.
#[derive(Debug)]
pub struct Noise {
    rng: Rng,
    level: f64,
    kinds: Vec<Kind>,
}

/// What is wrong with a row as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// Nothing.
    Fine,
    /// It stands in the file twice.
    Twice,
    /// It has fewer values than the header.
    Short,
    /// It has one value more than the header.
    Long,
}

impl Noise {
    /// Noise for a file with those headings; `stream` tells the files of one council apart.
    pub fn new(seed: u64, stream: u64, level: f64, headings: &[&str]) -> Noise {
        Noise { rng: Rng::new(seed, 0x4E01_5E00 + stream), level: level.max(0.0), kinds: headings.iter().map(|h| kind(h)).collect() }
    }

    /// Whether something that happens to that share of things happens here.
    pub fn happens(&mut self, share: f64) -> bool {
        self.level > 0.0 && self.rng.chance((share * self.level).min(0.9))
    }

    fn in_10_000(&mut self, rows: f64) -> bool {
        self.happens(rows / 10_000.0)
    }

    /// Puts faults into a row.
    pub fn spoil(&mut self, cells: &mut [String]) -> Whole {
        if self.level <= 0.0 {
            return Whole::Fine;
        }
        for i in 0..cells.len().min(self.kinds.len()) {
            if !cells[i].is_empty() {
                self.spoil_cell(self.kinds[i], &mut cells[i]);
            }
        }
        if self.in_10_000(NOBODY) {
            // Nobody can say who this is, unless the source has an id.
            let who = |k: &Kind| matches!(k, Kind::Surname | Kind::Birth | Kind::Upn);
            cells.iter_mut().zip(&self.kinds).filter(|(_, k)| who(k)).for_each(|(cell, _)| cell.clear());
        }
        match () {
            () if self.in_10_000(TWICE) => Whole::Twice,
            () if self.in_10_000(RAGGED) => Whole::Short,
            () if self.in_10_000(RAGGED) => Whole::Long,
            () => Whole::Fine,
        }
    }

    fn spoil_cell(&mut self, kind: Kind, cell: &mut String) {
        match kind {
            Kind::Forename | Kind::Surname => self.spoil_name(cell),
            Kind::Birth => self.spoil_birth(cell),
            Kind::Upn => self.spoil_upn(cell),
            Kind::Postcode if self.in_10_000(NO_POSTCODE) => {
                *cell = ["", "ZZ99 3VZ", "Unknown", "SO1"][self.rng.below(4)].to_owned();
            }
            Kind::Uprn if self.in_10_000(SPOILT_UPRN) => *cell = "1.0006E+11".to_owned(),
            Kind::Code if self.in_10_000(UNKNOWN_CODE) => *cell = "??".to_owned(),
            Kind::Day if self.in_10_000(NO_SUCH_DAY) => *cell = "31/02/2026".to_owned(),
            _ => {}
        }
    }

    fn spoil_name(&mut self, cell: &mut String) {
        if self.in_10_000(MISSPELT) {
            let mut letters: Vec<char> = cell.chars().collect();
            if letters.len() > 3 {
                let at = 1 + self.rng.below(letters.len() - 2);
                match self.rng.below(3) {
                    0 => letters.swap(at, at + 1),
                    1 => drop(letters.remove(at)),
                    _ => letters.insert(at, letters[at]),
                }
                *cell = letters.into_iter().collect();
            }
        }
        if self.in_10_000(UPPER_CASE) {
            *cell = cell.to_uppercase();
        }
        if self.in_10_000(SPACES) {
            *cell = format!(" {cell}  ");
        }
    }

    fn spoil_birth(&mut self, cell: &mut String) {
        if self.in_10_000(NO_BIRTH) {
            cell.clear();
        } else if self.in_10_000(IN_1900) {
            *cell = "01/01/1900".to_owned();
        } else if self.in_10_000(NO_SUCH_DAY) {
            *cell = "31/02/2015".to_owned();
        } else if self.in_10_000(DAY_FOR_MONTH) && cell.len() >= 10 && cell.is_ascii() {
            let (day, month) = if cell.as_bytes()[2] == b'/' { (0, 3) } else { (8, 5) };
            // Only a day that could be a month goes unseen.
            if cell[day..day + 2].parse().is_ok_and(|d: u8| d <= 12) {
                let (d, m) = (cell[day..day + 2].to_owned(), cell[month..month + 2].to_owned());
                cell.replace_range(day..day + 2, &m);
                cell.replace_range(month..month + 2, &d);
            }
        }
    }

    fn spoil_upn(&mut self, cell: &mut String) {
        if cell.len() != 13 || !cell.is_ascii() {
            return;
        }
        if self.in_10_000(NO_UPN) {
            cell.clear();
        } else if self.in_10_000(TEMPORARY_UPN) {
            if let Some(upn) = schema::Upn::with_check_letter(&format!("{}B", &cell[1..12])) {
                *cell = upn.to_string();
            }
        } else if self.in_10_000(WRONG_LETTER) {
            let other = if cell.starts_with('A') { "B" } else { "A" };
            cell.replace_range(0..1, other);
        } else if self.in_10_000(O_FOR_ZERO) {
            *cell = cell.replacen('0', "O", 1);
        } else if self.in_10_000(LOWER_CASE_UPN) {
            *cell = format!("{} {}", cell[..4].to_lowercase(), &cell[4..]);
        }
    }

    /// How many values of a ragged row are left.
    pub fn short_length(&mut self, of: usize) -> usize {
        of - 1 - self.rng.below((of / 3).max(1))
    }
}

fn kind(heading: &str) -> Kind {
    match schema::raw::fold_heading(heading).as_str() {
        "forename" | "legalforename" | "givenname" => Kind::Forename,
        "surname" | "legalsurname" | "familyname" => Kind::Surname,
        "dob" | "dateofbirth" => Kind::Birth,
        "upn" => Kind::Upn,
        "postcode" => Kind::Postcode,
        "uprn" => Kind::Uprn,
        "gender" | "sex" | "ethnicity" | "enrolmentstatus" | "senstatus" => Kind::Code,
        "dateofadmission" | "dateofleaving" | "basestartdate" | "baseenddate" => Kind::Day,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADINGS: [&str; 5] = ["Adno", "UPN", "Legal Surname", "Legal Forename", "DOB"];

    fn rows(level: f64) -> Vec<(Vec<String>, Whole)> {
        let mut noise = Noise::new(1, 0, level, &HEADINGS);
        (0..5000)
            .map(|_| {
                let mut cells = ["1", "B801200005001", "Example", "Ada", "03/04/2015"].map(str::to_owned).to_vec();
                let whole = noise.spoil(&mut cells);
                (cells, whole)
            })
            .collect()
    }

    #[test]
    fn without_noise_no_row_changes() {
        assert!(rows(0.0).iter().all(|(cells, whole)| *whole == Whole::Fine && cells[2] == "Example"));
    }

    #[test]
    fn faults_grow_with_the_noise() {
        let changed = |level| {
            rows(level)
                .iter()
                .filter(|(cells, whole)| *whole != Whole::Fine || cells.join("|") != "1|B801200005001|Example|Ada|03/04/2015")
                .count()
        };
        let (usual, twice) = (changed(1.0), changed(2.0));
        assert!(usual > 50 && usual < 500, "{usual}");
        assert!(twice > usual);
        assert!(rows(3.0).iter().any(|(cells, _)| cells[4] == "04/03/2015"));
    }
}
