//! The words of British addresses: abbreviations as people and school systems write them, what a flat is called, streets.

/// Abbreviations, with the word they stand for.
const SHORT: &[(&str, &str)] = &[
    ("aly", "alley"),
    ("av", "avenue"),
    ("ave", "avenue"),
    ("bldg", "buildings"),
    ("bldgs", "buildings"),
    ("blvd", "boulevard"),
    ("building", "buildings"),
    ("cl", "close"),
    ("clo", "close"),
    ("cott", "cottage"),
    ("cotts", "cottages"),
    ("cr", "crescent"),
    ("cres", "crescent"),
    ("cresc", "crescent"),
    ("crt", "court"),
    ("ct", "court"),
    ("ctg", "cottage"),
    ("dr", "drive"),
    ("drv", "drive"),
    ("est", "estate"),
    ("fm", "farm"),
    ("garden", "gardens"),
    ("gdn", "gardens"),
    ("gdns", "gardens"),
    ("gr", "grove"),
    ("gro", "grove"),
    ("grn", "green"),
    ("grv", "grove"),
    ("gt", "great"),
    ("hse", "house"),
    ("hts", "heights"),
    ("la", "lane"),
    ("ln", "lane"),
    ("lwr", "lower"),
    ("mt", "mount"),
    ("nth", "north"),
    ("pde", "parade"),
    ("pk", "park"),
    ("pl", "place"),
    ("prom", "promenade"),
    ("rd", "road"),
    ("saint", "st"),
    ("sq", "square"),
    ("sth", "south"),
    ("str", "st"),
    ("street", "st"),
    ("tce", "terrace"),
    ("ter", "terrace"),
    ("terr", "terrace"),
    ("upr", "upper"),
    ("vw", "view"),
    ("wk", "walk"),
    ("wy", "way"),
    ("1st", "first"),
    ("2nd", "second"),
    ("3rd", "third"),
    ("4th", "fourth"),
    ("5th", "fifth"),
    ("6th", "sixth"),
    ("7th", "seventh"),
    ("8th", "eighth"),
    ("9th", "ninth"),
    ("10th", "tenth"),
];

/// The kinds of streets. A street of one kind is not a street of another. `st` is not here: it is Street or Saint.
const STREETS: &[&str] = &[
    "alley",
    "avenue",
    "boulevard",
    "close",
    "court",
    "crescent",
    "drive",
    "gardens",
    "grove",
    "lane",
    "mews",
    "parade",
    "place",
    "promenade",
    "road",
    "square",
    "terrace",
    "walk",
    "way",
];

/// The word in full; itself where it is no abbreviation. Street and Saint both become `st`.
pub(super) fn in_full(word: &str) -> &str {
    SHORT.iter().find(|(short, _)| *short == word).map_or(word, |(_, full)| full)
}

/// Whether it is a kind of street, written out; `st` is not.
pub(super) fn is_street(word: &str) -> bool {
    STREETS.contains(&word)
}

/// What stands before the number of a part of a house.
pub(super) fn is_flat(word: &str) -> bool {
    matches!(
        word,
        "flat"
            | "flt"
            | "apartment"
            | "apt"
            | "appt"
            | "unit"
            | "maisonette"
            | "studio"
            | "bedsit"
            | "room"
            | "rm"
            | "suite"
            | "block"
            | "pitch"
            | "plot"
            | "caravan"
            | "berth"
    )
}

/// Where a part of a house lies, when `floor` or a word for a flat follows.
pub(super) fn is_level(word: &str) -> bool {
    matches!(
        word,
        "ground"
            | "gnd"
            | "basement"
            | "garden"
            | "gardens"
            | "lower"
            | "upper"
            | "top"
            | "attic"
            | "rear"
            | "front"
            | "first"
            | "second"
            | "third"
            | "fourth"
            | "fifth"
    )
}

/// A part of a house that is named by one word.
pub(super) fn part_of_house(word: &str) -> Option<&'static str> {
    match word {
        "gff" => Some("ground"),
        "fff" => Some("first"),
        "sff" => Some("second"),
        "tff" => Some("top"),
        "basement" | "bsmt" => Some("basement"),
        "annexe" | "annex" => Some("annexe"),
        _ => None,
    }
}

/// Words that say nothing.
pub(super) fn is_filler(word: &str) -> bool {
    matches!(word, "the" | "and" | "of" | "at" | "no" | "number" | "floor" | "flr")
}

/// What stands in an address field where there is no address.
pub(super) fn is_no_address(folded: &str) -> bool {
    matches!(
        folded,
        "unknown"
            | "not known"
            | "address unknown"
            | "address not known"
            | "no fixed abode"
            | "no fixed address"
            | "nfa"
            | "none"
            | "na"
            | "n a"
            | "tbc"
            | "not given"
            | "not supplied"
            | "withheld"
    )
}
