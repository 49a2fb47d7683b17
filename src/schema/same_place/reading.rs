//! An address read into what tells places apart: its numbers and its words.

use std::collections::BTreeSet;

use super::words;
use crate::name::fold;
use crate::{Address, Postcode, edit_distance};

/// What an address says.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) postcode: Option<Postcode>,
    /// All words, written out.
    pub(super) words: BTreeSet<String>,
    /// Words by the part of a line in which they stand.
    parts: Vec<Part>,
    /// Numbers that are said to be those of a flat, sorted.
    flats: Vec<String>,
    /// All other numbers, sorted.
    houses: Vec<String>,
    /// Floors and annexes.
    levels: BTreeSet<String>,
    /// A flat is named, with or without a number.
    names_flat: bool,
    /// Kinds of streets.
    streets: BTreeSet<String>,
    /// A number, and the word that follows it.
    before: BTreeSet<(String, String)>,
}

#[derive(Default)]
struct Part {
    words: BTreeSet<String>,
    /// The words that tell one street from another, run together.
    telling: String,
    is_street: bool,
}

impl Reading {
    pub(super) fn of(address: &Address, towns: &[String]) -> Reading {
        let mut reading = Reading { postcode: address.postcode, ..Reading::default() };
        let by_parts = !address.paon.is_empty() && !address.street.is_empty();
        // Where number and street have their own fields, the lines say the same again.
        let lines = if by_parts { &[][..] } else { address.lines.as_slice() };
        let mut seen: Vec<Vec<Vec<String>>> = Vec::new();
        let street = [&address.paon, &address.street].into_iter().filter(|t| !t.is_empty()).cloned().collect::<Vec<_>>().join(", ");
        for (text, of_flat) in [(&address.saon, true), (&street, false)].into_iter().chain(lines.iter().map(|line| (line, false))) {
            let line = reading.segments(text, towns);
            if !line.is_empty() && !seen.contains(&line) {
                reading.line(&line, of_flat);
                seen.push(line);
            }
        }
        reading.finish();
        reading
    }

    /// The parts of a line between commas, as words, without towns and postcode.
    fn segments(&mut self, text: &str, towns: &[String]) -> Vec<Vec<String>> {
        let mut out = Vec::new();
        for part in text.split([',', ';', '\n', '\r']) {
            let folded = fold(part);
            if words::is_no_address(&folded) {
                continue;
            }
            let mut tokens: Vec<String> = folded.split(' ').filter(|t| !t.is_empty()).map(str::to_owned).collect();
            self.take_postcode(&mut tokens);
            take_towns(&mut tokens, towns);
            if !tokens.is_empty() {
                out.push(join_letters(tokens));
            }
        }
        out
    }

    /// A postcode at the end of a line is the postcode, where the address has none of its own.
    fn take_postcode(&mut self, tokens: &mut Vec<String>) {
        for count in [2, 1] {
            let Some(start) = tokens.len().checked_sub(count) else { continue };
            if let Ok(found) = Postcode::parse(&tokens[start..].join(" ").to_uppercase()) {
                tokens.truncate(start);
                self.postcode = self.postcode.or(Some(found));
                return;
            }
        }
    }

    fn line(&mut self, segments: &[Vec<String>], of_flat: bool) {
        let mut number: Option<String> = None;
        for tokens in segments {
            let mut part = Part::default();
            let mut labelled = of_flat || (tokens.len() == 1 && is_letter(&tokens[0]));
            for (i, token) in tokens.iter().enumerate() {
                let next = tokens.get(i + 1).map(String::as_str);
                let word = words::in_full(token);
                if is_number(word) || (labelled && is_letter(word)) {
                    let text = word.trim_start_matches('0').to_owned();
                    if labelled { &mut self.flats } else { &mut self.houses }.push(text.clone());
                    number = Some(text);
                    labelled = of_flat;
                } else if words::is_flat(word) {
                    (labelled, self.names_flat) = (true, true);
                } else if words::is_level(word) && next.is_some_and(|n| matches!(n, "floor" | "flr") || words::is_flat(n)) {
                    self.levels.insert(word.to_owned());
                } else if let Some(level) = words::part_of_house(word) {
                    self.levels.insert(level.to_owned());
                } else if !words::is_filler(word) {
                    labelled = of_flat;
                    self.word(word, token, i > 0 && ends_street(next), &mut part);
                    if let Some(number) = number.take() {
                        self.before.insert((number, word.to_owned()));
                    }
                }
            }
            if !part.words.is_empty() {
                self.parts.push(part);
            }
        }
    }

    fn word(&mut self, word: &str, given: &str, ends: bool, part: &mut Part) {
        let kind = match word {
            "st" if given == "street" || (given != "saint" && ends) => Some("street"),
            _ => words::is_street(word).then_some(word),
        };
        if let Some(kind) = kind {
            part.is_street = true;
            self.streets.insert(kind.to_owned());
        }
        if kind.is_none() && word != "st" {
            part.telling.push_str(word);
        }
        part.words.insert(word.to_owned());
        self.words.insert(word.to_owned());
    }

    fn finish(&mut self) {
        let mut is_merged = false;
        // "Flat A, 12" is 12A.
        if let ([flat], [house]) = (self.flats.as_slice(), self.houses.as_slice())
            && is_letter(flat)
            && house.bytes().all(|b| b.is_ascii_digit())
        {
            let (house, both) = (house.clone(), format!("{house}{flat}"));
            let renamed = |(n, w): &(String, String)| (if *n == house { both.clone() } else { n.clone() }, w.clone());
            self.before = self.before.iter().map(renamed).collect();
            (self.flats, self.houses, is_merged) = (Vec::new(), vec![both], true);
        }
        if self.flats.is_empty() {
            self.flats.extend(self.levels.iter().cloned());
        }
        // "The Flat, 12 Test Road" is not the house; "Flat 2" has its number, and "Flat A, 12" became 12A above.
        if self.flats.is_empty() && self.names_flat && !is_merged {
            self.flats.push("flat".to_owned());
        }
        self.flats.sort_unstable();
        self.houses.sort_unstable();
    }

    pub(super) fn says_nothing(&self) -> bool {
        self.words.is_empty() && !self.has_number()
    }

    fn has_number(&self) -> bool {
        self.flats.iter().chain(&self.houses).any(|number| is_number(number))
    }

    /// Whether it gives the number of a house; a flat alone needs the name of its house.
    pub(super) fn has_house_number(&self) -> bool {
        self.houses.iter().any(|number| is_number(number))
    }

    /// Whether the numbers of flat and house are the same. What only one side calls a flat is compared as a number.
    pub(super) fn has_same_numbers(&self, other: &Reading) -> bool {
        if (&self.flats, &self.houses) != (&other.flats, &other.houses) {
            let all = |r: &Reading| {
                let mut all: Vec<String> = r.flats.iter().chain(&r.houses).cloned().collect();
                all.sort_unstable();
                all
            };
            if (!self.flats.is_empty() && !other.flats.is_empty()) || all(self) != all(other) {
                return false;
            }
        }
        let levels_differ = !self.levels.is_empty() && !other.levels.is_empty() && self.levels != other.levels;
        !levels_differ && !self.before.iter().any(|pair| other.gives_other_number(self, pair))
    }

    /// Flat 2 of 12 Test Road is not flat 12 of 2 Test Road: the same word follows another number.
    fn gives_other_number(&self, other: &Reading, pair: &(String, String)) -> bool {
        !self.before.contains(pair)
            && self
                .before
                .iter()
                .any(|(number, word)| *word == pair.1 && *number != pair.0 && !other.before.contains(&(number.clone(), word.clone())))
    }

    /// With equal postcode and numbers: whether the streets may be one street. What one side says more does not matter.
    pub(super) fn has_like_street(&self, other: &Reading) -> bool {
        if self.words.is_empty() || other.words.is_empty() {
            return true;
        }
        if !self.streets.is_empty() && !other.streets.is_empty() && self.streets.is_disjoint(&other.streets) {
            return false;
        }
        // Oak Field Road is Oakfield Road.
        are_within(&self.telling(), &other.telling(), is_like) || is_like(&self.run_together(), &other.run_together())
    }

    /// The words that tell one street from another; all where there is no such word ("The Avenue").
    fn telling(&self) -> Vec<&str> {
        let telling: Vec<&str> = self.words.iter().map(String::as_str).filter(|w| *w != "st" && !words::is_street(w)).collect();
        if telling.is_empty() { self.words.iter().map(String::as_str).collect() } else { telling }
    }

    /// The telling words of each part of a line as one word, in an order that does not depend on that of the lines.
    fn run_together(&self) -> String {
        let mut parts: Vec<&str> = self.parts.iter().map(|part| part.telling.as_str()).collect();
        parts.sort_unstable();
        parts.concat()
    }

    /// With equal postcode, where no house has a number: whether the names are the same. A street may be left out on one side;
    /// a slip of the pen is taken for one only where the number of a flat is the same.
    pub(super) fn has_same_names(&self, other: &Reading) -> bool {
        let agree = if self.has_number() { is_like } else { |one: &str, two: &str| one == two };
        let list = |words: &BTreeSet<String>| -> Vec<String> { words.iter().cloned().collect() };
        let (one, two) = (list(&self.words), list(&other.words));
        let more = if one.len() <= two.len() { other } else { self };
        let fewer = if one.len() <= two.len() { &one } else { &two };
        let is_said = |part: &Part| part.is_street || part.words.iter().all(|w| fewer.iter().any(|f| agree(w, f)));
        are_within(&one, &two, agree) && more.parts.iter().all(is_said)
    }
}

/// Whether each word of the shorter list is found in the longer one; of two lists of one length each in the other, so that the
/// answer does not depend on which is asked about.
fn are_within<T: AsRef<str>>(one: &[T], two: &[T], agree: fn(&str, &str) -> bool) -> bool {
    let within = |a: &[T], b: &[T]| a.iter().all(|w| b.iter().any(|v| agree(w.as_ref(), v.as_ref())));
    (one.len() > two.len() || within(one, two)) && (one.len() < two.len() || within(two, one))
}

/// Takes away a town that is the whole part of a line, or that ends it after other words.
fn take_towns(tokens: &mut Vec<String>, towns: &[String]) {
    for town in towns {
        let words: Vec<&str> = town.split(' ').collect();
        let Some(start) = tokens.len().checked_sub(words.len()) else { continue };
        let is_more = start == 0 || tokens[..start].iter().any(|t| t.len() > 1 && !is_number(t) && !words::is_flat(t));
        if is_more && tokens[start..].iter().map(String::as_str).eq(words) {
            tokens.truncate(start);
        }
    }
}

/// `12 A` is `12a`.
fn join_letters(tokens: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match out.last_mut() {
            Some(last) if is_letter(&token) && last.bytes().all(|b| b.is_ascii_digit()) => last.push_str(&token),
            _ => out.push(token),
        }
    }
    out
}

fn is_letter(token: &str) -> bool {
    token.len() == 1 && token.bytes().all(|b| b.is_ascii_lowercase())
}

fn is_number(token: &str) -> bool {
    token.bytes().any(|b| b.is_ascii_digit())
}

/// Whether `St` before that is Street: nothing follows, or a number or a flat.
fn ends_street(next: Option<&str>) -> bool {
    next.is_none_or(|n| is_number(n) || words::is_flat(n))
}

/// Equal but for a slip: one in a word of four to six letters, two in a longer one.
fn is_like(one: &str, two: &str) -> bool {
    let longer = one.chars().count().max(two.chars().count());
    let slips = match longer {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    one == two || (slips > 0 && edit_distance(one, two) <= slips)
}
