//! Which authority a postcode lies in: `area.csv`.

use std::collections::HashMap;

use crate::{ConfigFault, LaCode, Postcode};

/// The header of `area.csv`.
pub const AREA_HEADER: &str = "postcode,la";

/// Authorities by full postcode, sector (`SO14 7`) or district (`SO14`): a full postcode beats its sector, a sector its district.
#[derive(Debug, Clone, Default)]
pub struct Area {
    by_text: HashMap<String, LaCode>,
}

impl Area {
    /// Reads `area.csv`. Every fault is reported with its line.
    ///
    /// # Errors
    /// All faults found.
    pub fn parse(file: &str, text: &str) -> Result<Area, Vec<ConfigFault>> {
        let mut faults = Vec::new();
        let mut by_text = HashMap::new();
        for row in table(file, text, AREA_HEADER, &mut faults) {
            let Ok(la) = LaCode::parse(row.cell(1)) else {
                faults.push(row.fault(file, 1, "la is no local authority code", "write three digits, such as 852"));
                continue;
            };
            let Some(place) = area_key(row.cell(0)) else {
                faults.push(row.fault(file, 0, "postcode is none", "write a postcode (SO14 0AA), a sector (SO14 7) or a district (SO14)"));
                continue;
            };
            if by_text.insert(place, la).is_some_and(|before| before != la) {
                faults.push(row.fault(file, 1, "this postcode was given another authority above", "keep one of the two lines"));
            }
        }
        if faults.is_empty() { Ok(Area { by_text }) } else { Err(faults) }
    }

    /// The authority of a postcode; `None` where the file says nothing of it.
    pub fn authority(&self, postcode: Postcode) -> Option<LaCode> {
        [postcode.as_str(), postcode.sector(), postcode.district()].into_iter().find_map(|text| self.by_text.get(text).copied())
    }

    /// How many lines there were.
    pub fn len(&self) -> usize {
        self.by_text.len()
    }

    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.by_text.is_empty()
    }
}

/// The key under which a postcode, sector or district is kept.
fn area_key(text: &str) -> Option<String> {
    if let Ok(postcode) = Postcode::parse(text) {
        return Some(postcode.as_str().to_owned());
    }
    // A sector is a postcode without its last two letters, a district one without its last three characters.
    if let Some((district, sector)) = text.trim().rsplit_once(' ') {
        return (sector.len() == 1)
            .then(|| Postcode::parse(&format!("{district} {sector}AA")).ok())
            .flatten()
            .map(|p| p.sector().to_owned());
    }
    Postcode::parse(&format!("{} 0AA", text.trim())).ok().map(|p| p.district().to_owned())
}

/// One line of a table that a person keeps.
pub(crate) struct Line {
    number: usize,
    /// Each value, with the character in which it begins, from 1.
    cells: Vec<(usize, String)>,
}

impl Line {
    /// A value, without the blanks around it; empty where the line is too short.
    pub(crate) fn cell(&self, i: usize) -> &str {
        self.cells.get(i).map_or("", |(_, text)| text.trim())
    }

    /// A fault of a value.
    pub(crate) fn fault(&self, file: &str, i: usize, what: impl Into<String>, hint: impl Into<String>) -> ConfigFault {
        let column = self.cells.get(i).map_or(1, |(at, _)| *at);
        ConfigFault { column, ..ConfigFault::at_line(file, self.number, what, hint) }
    }
}

/// Reads a small CSV table that a person keeps. The header must stand as given.
pub(crate) fn table(file: &str, text: &str, header: &str, faults: &mut Vec<ConfigFault>) -> Vec<Line> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate();
    let found = lines.next().map_or("", |(_, l)| l.trim());
    if !found.eq_ignore_ascii_case(header) {
        faults.push(ConfigFault::at_line(
            file,
            1,
            format!("the first line is not the header \"{header}\""),
            "put this header on the first line and the columns in its order",
        ));
        return Vec::new();
    }
    let kept = lines.filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'));
    kept.map(|(i, l)| Line { number: i + 1, cells: split_line(l) }).collect()
}

/// Splits one line of a CSV whose values hold no line breaks; quotes may surround a value and are doubled inside.
fn split_line(line: &str) -> Vec<(usize, String)> {
    let mut cells = vec![(1, String::new())];
    let mut quoted = false;
    let mut chars = line.chars().enumerate().peekable();
    while let Some((at, c)) = chars.next() {
        let cell = cells.last_mut().map(|(_, text)| text);
        match (c, quoted) {
            ('"', true) if chars.peek().is_some_and(|(_, next)| *next == '"') => {
                chars.next();
                cell.into_iter().for_each(|v| v.push('"'));
            }
            ('"', _) => quoted = !quoted,
            (',', false) => cells.push((at + 2, String::new())),
            (c, _) => cell.into_iter().for_each(|v| v.push(c)),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn la(area: &Area, postcode: &str) -> Option<String> {
        area.authority(Postcode::parse(postcode).unwrap()).map(|la| la.to_string())
    }

    #[test]
    fn the_nearest_line_wins() {
        let area = Area::parse("area.csv", "postcode,la\nSO16,852\nSO16 7,850\nSO16 7AA,851\n").unwrap();
        assert_eq!(la(&area, "SO16 4BB").as_deref(), Some("852"));
        assert_eq!(la(&area, "SO16 7BB").as_deref(), Some("850"));
        assert_eq!(la(&area, "SO16 7AA").as_deref(), Some("851"));
        assert_eq!(la(&area, "PO1 1AA"), None);
    }

    #[test]
    fn faults_name_their_line_and_column() {
        let faults = Area::parse("area.csv", "postcode,la\nSO16,8\nnowhere at all,852\nSO14,852\nSO14,850\n").unwrap_err();
        assert_eq!(faults.iter().map(|f| (f.line, f.column)).collect::<Vec<_>>(), [(2, 6), (3, 1), (5, 6)]);
    }
}
