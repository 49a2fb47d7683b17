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
        for (line, cells) in table(file, text, AREA_HEADER, &mut faults) {
            let (place, la) = (cells.first().map_or("", |c| c.trim()), cells.get(1).map_or("", |c| c.trim()));
            let Ok(la) = LaCode::parse(la) else {
                faults.push(ConfigFault::at_line(file, line, "la is no local authority code", "write three digits, such as 852"));
                continue;
            };
            let Some(place) = area_key(place) else {
                faults.push(ConfigFault::at_line(
                    file,
                    line,
                    "postcode is none",
                    "write a postcode (SO14 0AA), a sector (SO14 7) or a district (SO14)",
                ));
                continue;
            };
            if by_text.insert(place, la).is_some_and(|before| before != la) {
                faults.push(ConfigFault::at_line(
                    file,
                    line,
                    "this postcode was given another authority above",
                    "keep one of the two lines",
                ));
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

/// Reads a small CSV table that a person keeps: gives its rows with their line. The header must stand as given.
pub(crate) fn table(file: &str, text: &str, header: &str, faults: &mut Vec<ConfigFault>) -> Vec<(usize, Vec<String>)> {
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
    lines.filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')).map(|(i, l)| (i + 1, split_line(l))).collect()
}

/// Splits one line of a CSV whose values hold no line breaks; quotes may surround a value and are doubled inside.
fn split_line(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let cell = cells.last_mut();
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
                cell.into_iter().for_each(|v| v.push('"'));
            }
            ('"', _) => quoted = !quoted,
            (',', false) => cells.push(String::new()),
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
    fn faults_name_their_line() {
        let faults = Area::parse("area.csv", "postcode,la\nSO16,8\nnowhere at all,852\nSO14,852\nSO14,850\n").unwrap_err();
        assert_eq!(faults.iter().map(|f| f.line).collect::<Vec<_>>(), [2, 3, 5]);
    }
}
