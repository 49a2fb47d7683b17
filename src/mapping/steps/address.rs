//! A whole address in one column, taken apart at commas and line breaks: lines, town, county, postcode.

use schema::{Address, Postcode};

/// Takes an address apart. The last part is the postcode if it is one, also at the end of the last line
/// ("Southampton SO14 0AA"); a county ("Hampshire") stands before it or not; then the town; the rest are lines.
pub(crate) fn split(text: &str) -> Address {
    let mut address = lines(text);
    let mut parts = std::mem::take(&mut address.lines);
    if parts.len() > 2 && parts.last().is_some_and(|p| is_county(p)) {
        address.county = parts.pop().unwrap_or_default();
    }
    if parts.len() > 1 {
        address.town = parts.pop().unwrap_or_default();
    }
    address.lines = parts;
    address
}

/// Takes the lines of an address apart that has its town in another column; a postcode at the end is found all the same.
pub(crate) fn lines(text: &str) -> Address {
    let mut parts: Vec<String> =
        text.split([',', '\n', '\r', ';']).map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|p| !p.is_empty()).collect();
    let mut address = Address::default();
    if let Some(last) = parts.pop() {
        let (rest, postcode) = cut_postcode(&last);
        address.postcode = postcode;
        if !rest.is_empty() {
            parts.push(rest);
        }
    }
    address.lines = parts;
    address
}

fn cut_postcode(part: &str) -> (String, Option<Postcode>) {
    if let Ok(postcode) = Postcode::parse(part) {
        return (String::new(), Some(postcode));
    }
    let words: Vec<&str> = part.split(' ').collect();
    for tail in [2, 1] {
        if words.len() > tail {
            let (head, end) = words.split_at(words.len() - tail);
            if let Ok(postcode) = Postcode::parse(&end.join(" ")) {
                return (head.join(" "), Some(postcode));
            }
        }
    }
    (part.to_owned(), None)
}

/// The ceremonial counties that a postal address names all end so, or are these.
fn is_county(part: &str) -> bool {
    let part = part.to_lowercase();
    part.ends_with("shire")
        || matches!(
            part.as_str(),
            "isle of wight"
                | "dorset"
                | "surrey"
                | "kent"
                | "devon"
                | "cornwall"
                | "essex"
                | "norfolk"
                | "suffolk"
                | "somerset"
                | "hants"
                | "wilts"
        )
        || part.ends_with(" sussex")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_what_would_be_a_town() {
        let address = lines("Flat 2, 12 Test Road,");
        assert_eq!((address.lines, address.town.as_str()), (vec!["Flat 2".to_owned(), "12 Test Road".to_owned()], ""));
        assert_eq!(lines("12 Test Road, SO14 0AA").postcode, Postcode::parse("SO14 0AA").ok());
    }

    #[test]
    fn addresses_are_taken_apart() {
        for (text, lines, town, county, postcode) in [
            ("12 Test Road, Southampton, SO14 0AA", vec!["12 Test Road"], "Southampton", "", Some("SO14 0AA")),
            (
                "Flat 2\n12 Test Road\nSouthampton\nHampshire\nSO140AA",
                vec!["Flat 2", "12 Test Road"],
                "Southampton",
                "Hampshire",
                Some("SO14 0AA"),
            ),
            ("12 Test Road, Southampton SO14 0AA", vec!["12 Test Road"], "Southampton", "", Some("SO14 0AA")),
            ("12 Test Road", vec!["12 Test Road"], "", "", None),
            ("Unknown", vec!["Unknown"], "", "", None),
            ("SO14 0AA", vec![], "", "", Some("SO14 0AA")),
            (", ,", vec![], "", "", None),
        ] {
            let address = split(text);
            assert_eq!(
                (address.lines, address.town.as_str(), address.county.as_str(), address.postcode),
                (lines.into_iter().map(str::to_owned).collect(), town, county, postcode.map(|p| Postcode::parse(p).unwrap())),
                "{text}"
            );
        }
    }
}
