//! A scanner for values of children in any text: plain, in capitals, in UTF-16, percent-encoded, in base64, JSON-escaped.

use acceptance::Person;

/// What a scan looks for.
pub struct Scanner {
    /// Forms in which capitals do not matter, in small letters.
    any_case: Vec<Vec<u8>>,
    /// Forms in which they do.
    exact: Vec<Vec<u8>>,
}

impl Scanner {
    /// Looks for these values. One of fewer than five letters would be found everywhere, and is left out.
    pub fn of(values: impl IntoIterator<Item = String>) -> Scanner {
        let (mut any_case, mut exact) = (Vec::new(), Vec::new());
        for value in values {
            let packed = value.replace([' ', '/', '-'], "");
            any_case.extend([&value, &packed].map(|v| v.to_lowercase().into_bytes()));
            any_case.extend([percent(&value, true), percent(&value, false), escaped(&value)].map(|v| v.to_lowercase().into_bytes()));
            for v in [&value, &value.to_uppercase(), &value.to_lowercase()] {
                exact.extend(base64_inside(v.as_bytes()).map(String::into_bytes));
                exact.push(v.encode_utf16().flat_map(u16::to_le_bytes).collect());
                exact.push(v.encode_utf16().flat_map(u16::to_be_bytes).collect());
            }
        }
        for forms in [&mut any_case, &mut exact] {
            forms.retain(|f| f.len() > 4);
            forms.sort();
            forms.dedup();
        }
        Scanner { any_case, exact }
    }

    /// Looks for every value of these children.
    pub fn of_people(people: &[Person]) -> Scanner {
        Scanner::of(people.iter().flat_map(|p| {
            [&p.upn, &p.nhs, &p.surname, &p.forename, &p.day(), &p.dob.to_string(), &p.postcode, &p.street].map(String::clone)
        }))
    }

    /// What of it stands in a text, as it was looked for.
    pub fn hits(&self, text: &[u8]) -> Vec<String> {
        let small = String::from_utf8_lossy(text).to_lowercase();
        let found = |form: &Vec<u8>| String::from_utf8_lossy(form).into_owned();
        let mut hits: Vec<String> =
            self.any_case.iter().filter(|f| std::str::from_utf8(f).is_ok_and(|f| small.contains(f))).map(found).collect();
        let raw = Windowed::of(text);
        hits.extend(self.exact.iter().filter(|f| raw.contains(f)).map(found));
        hits
    }
}

/// A text of bytes in which many are looked for: places of each first pair of bytes.
struct Windowed<'t> {
    text: &'t [u8],
    places: std::collections::HashMap<[u8; 4], Vec<usize>>,
}

impl<'t> Windowed<'t> {
    fn of(text: &'t [u8]) -> Windowed<'t> {
        let mut places: std::collections::HashMap<[u8; 4], Vec<usize>> = Default::default();
        for (at, window) in text.windows(4).enumerate() {
            places.entry([window[0], window[1], window[2], window[3]]).or_default().push(at);
        }
        Windowed { text, places }
    }

    fn contains(&self, form: &[u8]) -> bool {
        let Some(head) = form.first_chunk::<4>() else { return false };
        self.places.get(head).is_some_and(|places| places.iter().any(|at| self.text[*at..].starts_with(form)))
    }
}

fn percent(value: &str, spaces: bool) -> String {
    let one = |b: u8| match b {
        b' ' if !spaces => "+".to_owned(),
        b if b.is_ascii_alphanumeric() => (b as char).to_string(),
        b => format!("%{b:02X}"),
    };
    value.bytes().map(one).collect()
}

fn escaped(value: &str) -> String {
    value.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", c as u32) }).collect()
}

/// The letters of base64 that the value alone decides, for each of the three places at which it may begin.
fn base64_inside(value: &[u8]) -> [String; 3] {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    [0, 1, 2].map(|before| {
        let bits: Vec<u8> = vec![0; before].iter().chain(value).flat_map(|b| (0..8).rev().map(move |i| b >> i & 1)).collect();
        let letters = bits.chunks_exact(6).map(|six| LETTERS[six.iter().fold(0_usize, |n, bit| n << 1 | usize::from(*bit))] as char);
        letters.skip((before * 8).div_ceil(6)).collect()
    })
}

#[test]
fn the_scanner_finds_a_planted_value_in_each_form() {
    let value = "Kanärienvogel 7z";
    let scanner = Scanner::of([value.to_owned()]);
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut planted: Vec<Vec<u8>> = [
        "Kanärienvogel 7z",
        "KANÄRIENVOGEL 7Z",
        "Kan%C3%A4rienvogel%207z",
        "Kan%c3%a4rienvogel+7z",
        "Kan\\u00E4rienvogel 7z",
        "kanärienvogel7z",
    ]
    .map(|text| format!("error in row 7: {text}.\n").into_bytes())
    .to_vec();
    planted.extend([wide(&format!("x{value}")), wide(&value.to_uppercase())]);
    // base64 by somebody else, at each of the three places.
    for before in ["", "a", "ab", "abc"] {
        let script = "import base64, sys; print(base64.b64encode((sys.argv[1] + sys.argv[2] + ' and more').encode()).decode())";
        planted.push(acceptance::python().args(["-c", script, before, value]).output().unwrap().stdout);
    }
    for text in &planted {
        assert!(!scanner.hits(text).is_empty(), "{}", String::from_utf8_lossy(text));
    }
    for nothing in ["", "P1 moves.csv: 3 rows read", "Kanal 7z", "vogel"] {
        assert!(scanner.hits(nothing.as_bytes()).is_empty(), "{nothing}");
    }
}
