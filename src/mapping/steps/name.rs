//! A whole name in one column, taken apart. Where forename and surname have columns of their own, use those: no rule
//! knows where a name is to be cut.

use schema::Name;

/// Which comes first where no comma says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Order {
    #[default]
    ForenameFirst,
    SurnameFirst,
}

const TITLES: &[&str] = &["mr", "mrs", "miss", "ms", "mx", "dr", "rev", "prof", "sir", "dame", "master"];

/// Words that begin a surname of several words: "van der Berg", "de Souza".
const PARTICLES: &[&str] =
    &["van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "al", "bin", "bint", "ibn", "st", "ap"];

/// Takes a name apart: "Example, Ada Mary", "Mrs B Example", "Ada van der Example".
pub(crate) fn split(text: &str, order: Order) -> Name {
    if let Some((surname, given)) = text.split_once(',') {
        let given: Vec<&str> = untitled(given).1;
        return named(&given, surname.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let (titled, words) = untitled(text);
    match (words.as_slice(), order) {
        ([], _) => Name::default(),
        ([only], _) if titled => Name { surname: (*only).to_owned(), ..Name::default() },
        ([only], Order::ForenameFirst) => Name { forename: (*only).to_owned(), ..Name::default() },
        ([surname, given @ ..], Order::SurnameFirst) => named(given, (*surname).to_owned()),
        (words, Order::ForenameFirst) => {
            let cut = words.iter().skip(1).position(|w| is_in(PARTICLES, w)).map_or(words.len() - 1, |at| at + 1);
            let cut = cut.min(words.len() - 1);
            named(&words[..cut], words[cut..].join(" "))
        }
    }
}

fn named(given: &[&str], surname: String) -> Name {
    match given {
        [] => Name { surname, ..Name::default() },
        [forename, middle @ ..] => Name { forename: (*forename).to_owned(), middle: middle.join(" "), surname },
    }
}

fn untitled(text: &str) -> (bool, Vec<&str>) {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let titled = words.len() > 1 && words.first().is_some_and(|w| is_in(TITLES, w.trim_end_matches('.')));
    if titled {
        words.remove(0);
    }
    (titled, words)
}

fn is_in(list: &[&str], word: &str) -> bool {
    list.iter().any(|w| word.eq_ignore_ascii_case(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (text, order, parts) in [
            ("Example, Ada Mary", Order::ForenameFirst, ("Ada", "Mary", "Example")),
            ("Ada Mary Example", Order::ForenameFirst, ("Ada", "Mary", "Example")),
            ("Mrs B Example", Order::ForenameFirst, ("B", "", "Example")),
            ("Mrs Example", Order::ForenameFirst, ("", "", "Example")),
            ("Ada", Order::ForenameFirst, ("Ada", "", "")),
            ("Ada van der Example", Order::ForenameFirst, ("Ada", "", "van der Example")),
            ("Example Ada Mary", Order::SurnameFirst, ("Ada", "Mary", "Example")),
            ("  ", Order::ForenameFirst, ("", "", "")),
            (",", Order::ForenameFirst, ("", "", "")),
            ("De", Order::SurnameFirst, ("", "", "De")),
        ] {
            let name = split(text, order);
            assert_eq!((name.forename.as_str(), name.middle.as_str(), name.surname.as_str()), parts, "{text}");
        }
    }
}
