//! Names of children. Surnames are put together from syllables of several naming traditions, so that no family is meant.

use std::collections::HashSet;

use chrono::NaiveDate;
use schema::name::fold;

use crate::rng::Rng;

/// A naming tradition: forenames of girls and boys, parts of surnames, usual ethnicity and language codes (CBDS).
struct Tradition {
    weight: u32,
    girls: &'static [&'static str],
    boys: &'static [&'static str],
    first: &'static [&'static str],
    last: &'static [&'static str],
    ethnicity: &'static str,
    language: &'static str,
}

const TRADITIONS: [Tradition; 6] = [
    Tradition {
        weight: 68,
        girls: &[
            "Ada", "Beth", "Clara", "Daisy", "Elsie", "Freya", "Grace", "Holly", "Isla", "Jess", "Kitty", "Lucy", "Maisie", "Nell",
            "Olive", "Poppy", "Quinn", "Ruby", "Sadie", "Tilly", "Una", "Violet", "Willow", "Zoë", "Chloë", "Amber", "Bonnie", "Cora",
            "Edie", "Fern", "Hazel", "Ivy", "Mabel", "Robyn", "Thea",
        ],
        boys: &[
            "Alfie", "Ben", "Callum", "Dylan", "Ellis", "Finn", "George", "Harry", "Isaac", "Jack", "Kit", "Leo", "Max", "Noah", "Oscar",
            "Perry", "Reuben", "Sam", "Toby", "Vinnie", "Will", "Zac", "Archie", "Bobby", "Cole", "Ewan", "Frank", "Hugo", "Jude", "Luca",
            "Miles", "Ned", "Otis", "Ralph", "Stan",
        ],
        first: &[
            "Ambler", "Bracken", "Carder", "Dunner", "Elder", "Farrow", "Gorse", "Hather", "Inkle", "Jarrow", "Kettle", "Lammer", "Marrow",
            "Nether", "Otter", "Pember", "Quiller", "Render", "Sorrel", "Tamber", "Ullen", "Varley", "Wether", "Yarden", "Asker", "Bolder",
            "Crammer", "Drayle", "Emmer", "Fletter",
        ],
        last: &[
            "wick", "thorn", "combe", "sall", "mere", "by", "holt", "stow", "garth", "beck", "den", "low", "shaw", "field", "croft",
            "mould", "pike", "strand", "wain", "leigh",
        ],
        ethnicity: "WBRI",
        language: "ENG",
    },
    Tradition {
        weight: 8,
        girls: &["Agnieszka", "Zofia", "Hanna", "Maja", "Oliwia", "Małgosia", "Julia", "Lena", "Alicja", "Wanda"],
        boys: &["Jakub", "Łukasz", "Szymon", "Kacper", "Filip", "Antoni", "Michał", "Piotr", "Tomasz", "Oskar"],
        first: &["Brzoz", "Dąbrow", "Gór", "Jarzęb", "Kalin", "Leszcz", "Modrz", "Olsz", "Sokol", "Wierzb", "Zielon", "Łopat"],
        last: &["inek", "ecki", "ak", "owicz", "iński", "czyk", "arek", "ota"],
        ethnicity: "WOTH",
        language: "POL",
    },
    Tradition {
        weight: 5,
        girls: &["Ioana", "Elena", "Andreea", "Mihaela", "Sorina", "Bianca", "Daria", "Ilinca"],
        boys: &["Andrei", "Ion", "Matei", "Radu", "Ștefan", "Vlad", "Cezar", "Luca"],
        first: &["Albu", "Brad", "Codr", "Fânt", "Livad", "Munt", "Pădur", "Stej", "Zăvo"],
        last: &["eanu", "escu", "ici", "aru", "oiu", "ănescu"],
        ethnicity: "WOTH",
        language: "RMN",
    },
    Tradition {
        weight: 11,
        girls: &["Aisha", "Fatima", "Maryam", "Noor", "Priya", "Zara", "Anaya", "Simran", "Laila", "Hiba", "Inaya", "Jasleen"],
        boys: &["Mohammed", "Ayaan", "Ibrahim", "Yusuf", "Arjun", "Rayan", "Zayn", "Kabir", "Hamza", "Dev", "Bilal", "Gurdeep"],
        first: &["Ban", "Chand", "Dil", "Far", "Gul", "Has", "Jam", "Kar", "Mir", "Nav", "Raf", "Sal", "Tar", "Zam"],
        last: &["wala", "ani", "pur", "deen", "zai", "esh", "inder", "oon", "akhar", "una"],
        ethnicity: "AOTH",
        language: "URD",
    },
    Tradition {
        weight: 5,
        girls: &["Amina", "Hodan", "Ifrah", "Sagal", "Temi", "Ngozi", "Ama", "Efua"],
        boys: &["Abdi", "Liban", "Warsan", "Kofi", "Chidi", "Tunde", "Kwame", "Yonis"],
        first: &["Adey", "Bolan", "Chik", "Dahab", "Farad", "Gedi", "Olan", "Warid", "Yemis"],
        last: &["ola", "ure", "ame", "sho", "ede", "ike", "aale", "wuye"],
        ethnicity: "BAFR",
        language: "SOM",
    },
    Tradition {
        weight: 3,
        girls: &["Siobhán", "Niamh", "Wei", "Mei", "Renée", "Inês", "Sofía", "Anaïs"],
        boys: &["Oisín", "Cormac", "Jun", "Hao", "André", "José", "Noé", "Tiago"],
        first: &["O'Brann", "O'Dorm", "Mac Tull", "D'Arn", "Van Hoor", "De Lour", "St. Clav"],
        last: &["agan", "ity", "en", "eux", "es", "och"],
        ethnicity: "WIRI",
        language: "ENG",
    },
];

/// A family: its surname and tradition.
#[derive(Debug, Clone)]
pub struct Family {
    /// Surname.
    pub surname: String,
    tradition: usize,
}

impl Family {
    /// CBDS ethnicity code.
    pub fn ethnicity(&self) -> &'static str {
        TRADITIONS[self.tradition].ethnicity
    }

    /// CBDS language code.
    pub fn language(&self) -> &'static str {
        TRADITIONS[self.tradition].language
    }
}

/// A new family.
pub fn family(rng: &mut Rng) -> Family {
    let tradition = rng.weighted(TRADITIONS.iter().map(|t| t.weight));
    let parts = &TRADITIONS[tradition];
    let mut surname = format!("{}{}", rng.pick(parts.first), rng.pick(parts.last));
    if rng.chance(0.05) {
        surname = format!("{surname}-{}{}", rng.pick(TRADITIONS[0].first), rng.pick(TRADITIONS[0].last));
    }
    // Capita ONE cuts a family name at 30 characters.
    surname = surname.chars().take(30).collect();
    Family { surname, tradition }
}

/// Gives out names so that no two children share name and birth date, unless a story wants them to.
#[derive(Debug, Default)]
pub struct Namer {
    given: HashSet<(String, NaiveDate)>,
}

/// A child's names.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Legal forename.
    pub forename: String,
    /// Middle names.
    pub middle: String,
    /// Legal surname.
    pub surname: String,
    /// Forename and surname the child is known by, where they differ.
    pub known_as: Option<(String, String)>,
}

impl Namer {
    /// Names for a child of that family.
    pub fn name(&mut self, family: &Family, girl: bool, dob: NaiveDate, rng: &mut Rng) -> Names {
        let parts = &TRADITIONS[family.tradition];
        let pool = if girl { parts.girls } else { parts.boys };
        let mut forename = (*rng.pick(pool)).to_owned();
        let middle = if rng.chance(0.4) { (*rng.pick(pool)).to_owned() } else { String::new() };
        let mut round = 0;
        while !self.given.insert(key(&forename, &family.surname, dob)) {
            round += 1;
            forename = if round < 40 { (*rng.pick(pool)).to_owned() } else { format!("{}-{}", rng.pick(pool), rng.pick(pool)) };
            if round > 400 {
                break;
            }
        }
        let mut names = Names { forename, middle, surname: family.surname.clone(), known_as: None };
        if rng.chance(0.06) {
            let known = if rng.chance(0.5) {
                ((*rng.pick(pool)).to_owned(), family.surname.clone())
            } else {
                (names.forename.clone(), format!("{}{}", rng.pick(TRADITIONS[0].first), rng.pick(TRADITIONS[0].last)))
            };
            let crossed = [key(&known.0, &known.1, dob), key(&known.0, &names.surname, dob), key(&names.forename, &known.1, dob)];
            if known.0 != names.forename || known.1 != names.surname {
                // The child's own legal name is in the set by now; a cross that equals it is no clash.
                let own = key(&names.forename, &names.surname, dob);
                if crossed.iter().all(|k| *k == own || !self.given.contains(k)) {
                    self.given.extend(crossed);
                    names.known_as = Some(known);
                }
            }
        }
        names
    }
}

fn key(forename: &str, surname: &str, dob: NaiveDate) -> (String, NaiveDate) {
    (fold(&format!("{forename} {surname}")), dob)
}

/// Whether a surname is put together from this file's syllables.
#[cfg(test)]
pub(crate) fn is_invented(surname: &str) -> bool {
    surname.split('-').all(|part| {
        TRADITIONS.iter().any(|t| {
            t.first.iter().any(|f| part.strip_prefix(f).is_some_and(|rest| t.last.iter().any(|l| l.starts_with(rest) || *l == rest)))
        }) || TRADITIONS.iter().any(|t| t.first.iter().any(|f| f.starts_with(part)))
    })
}
