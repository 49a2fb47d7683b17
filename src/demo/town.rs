//! Streets and dwellings, and which authority each lies in. Street names and property numbers are invented.

use crate::rng::Rng;

/// Authority of a street.
pub type La = u16;

/// The council of the demo, and its neighbours: Hampshire, Portsmouth, Isle of Wight.
pub const HOME: La = 852;
/// Hampshire.
pub const HAMPSHIRE: La = 850;
/// Portsmouth.
pub const PORTSMOUTH: La = 851;
/// Isle of Wight.
pub const ISLE_OF_WIGHT: La = 921;
/// A postcode of which `area.csv` says nothing.
pub const NOT_IN_AREA: La = 0;

/// The one full postcode that lies in the council's area though its sector is Hampshire's.
const EXCEPTION: &str = "SO16 9AB";

/// A street.
#[derive(Debug, Clone)]
pub struct Street {
    /// Name.
    pub name: String,
    /// Town.
    pub town: &'static str,
    /// Its one postcode.
    pub postcode: String,
    /// Authority.
    pub la: La,
    next_number: u16,
}

/// A dwelling.
#[derive(Debug, Clone, Copy)]
pub struct Dwelling {
    /// Property number.
    pub uprn: u64,
    /// House number.
    pub number: u16,
    /// Index of its street.
    pub street: u32,
}

/// All of them.
#[derive(Debug)]
pub struct Town {
    streets: Vec<Street>,
    dwellings: Vec<Dwelling>,
    by_la: Vec<(La, Vec<u32>)>,
}

const FIRST: [&str; 28] = [
    "Alder", "Beacon", "Chandler", "Drover", "Ember", "Fallow", "Gannet", "Harbour", "Ivory", "Juniper", "Kestrel", "Lantern", "Marlin",
    "Nettle", "Osier", "Pilot", "Quarry", "Rowan", "Saffron", "Tanner", "Umber", "Vesper", "Willow", "Yarrow", "Anchor", "Bramble",
    "Copper", "Damson",
];
const LAST: [&str; 12] = ["Road", "Street", "Close", "Avenue", "Lane", "Way", "Drive", "Gardens", "Rise", "Court", "Terrace", "Grove"];
/// District, sectors, town, authority. Sector `SO16 9` is Hampshire's, the rest of SO16 the council's.
const DISTRICTS: [(&str, std::ops::RangeInclusive<u8>, &str, La); 17] = [
    ("SO14", 0..=9, "Southampton", HOME),
    ("SO15", 0..=9, "Southampton", HOME),
    ("SO16", 0..=8, "Southampton", HOME),
    ("SO17", 0..=9, "Southampton", HOME),
    ("SO18", 0..=9, "Southampton", HOME),
    ("SO19", 0..=9, "Southampton", HOME),
    ("SO16", 9..=9, "Southampton", HAMPSHIRE),
    ("SO30", 0..=9, "Southampton", HAMPSHIRE),
    ("SO40", 0..=9, "Southampton", HAMPSHIRE),
    ("SO50", 0..=9, "Eastleigh", HAMPSHIRE),
    ("SO53", 0..=9, "Eastleigh", HAMPSHIRE),
    ("PO1", 0..=9, "Portsmouth", PORTSMOUTH),
    ("PO2", 0..=9, "Portsmouth", PORTSMOUTH),
    ("PO6", 0..=9, "Portsmouth", PORTSMOUTH),
    ("PO30", 0..=9, "Newport", ISLE_OF_WIGHT),
    ("PO33", 0..=9, "Ryde", ISLE_OF_WIGHT),
    ("SP97", 0..=9, "Elsewhere", NOT_IN_AREA),
];
const LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";

impl Town {
    /// Streets for that many children.
    pub fn new(children: u32, rng: &mut Rng) -> Town {
        let mut town = Town { streets: Vec::new(), dwellings: Vec::new(), by_la: Vec::new() };
        for (la, share) in [(HOME, 60), (HAMPSHIRE, 500), (PORTSMOUTH, 2_000), (ISLE_OF_WIGHT, 8_000), (NOT_IN_AREA, 20_000)] {
            let districts: Vec<_> = DISTRICTS.iter().filter(|d| d.3 == la).collect();
            let first = town.streets.len() as u32;
            for i in 0..(children / share).max(12) as usize {
                let (district, sectors, place, _) = districts[i % districts.len()];
                let n = i / districts.len();
                let width = usize::from(sectors.end() - sectors.start()) + 1;
                let (sector, unit) = (usize::from(*sectors.start()) + n % width, n / width + 1);
                let letters = [LETTERS[unit / LETTERS.len() % LETTERS.len()], LETTERS[unit % LETTERS.len()]].map(char::from);
                let postcode = format!("{district} {sector}{}{}", letters[0], letters[1]);
                let name = format!("{} {}", rng.pick(&FIRST), rng.pick(&LAST));
                // Two streets of one postcode would make two houses of one number alike; the exception has its own street.
                if postcode != EXCEPTION {
                    town.streets.push(Street { name, town: place, postcode, la, next_number: 1 });
                }
            }
            town.by_la.push((la, (first..town.streets.len() as u32).collect()));
        }
        town.streets.push(Street {
            name: "Boundary Walk".into(),
            town: "Southampton",
            postcode: EXCEPTION.into(),
            la: HOME,
            next_number: 1,
        });
        town
    }

    /// A dwelling in which nobody lives yet.
    pub fn dwelling(&mut self, la: La, rng: &mut Rng) -> u32 {
        let streets = self.by_la.iter().find(|(of, _)| *of == la).map_or(&[][..], |(_, streets)| streets);
        let street = if streets.is_empty() { 0 } else { *rng.pick(streets) };
        self.on_street(street)
    }

    /// A dwelling on the street whose postcode is the council's though its sector is not.
    pub fn exceptional_dwelling(&mut self) -> u32 {
        self.on_street(self.streets.len() as u32 - 1)
    }

    /// A dwelling in the sector that is Hampshire's though its district is the council's.
    pub fn dwelling_in_the_other_sector(&mut self, rng: &mut Rng) -> u32 {
        let streets: Vec<u32> = (0..self.streets.len() as u32)
            .filter(|s| self.streets[*s as usize].postcode.starts_with("SO16 9") && self.streets[*s as usize].la == HAMPSHIRE)
            .collect();
        self.on_street(*rng.pick(&streets))
    }

    fn on_street(&mut self, street: u32) -> u32 {
        let number = self.streets[street as usize].next_number;
        self.streets[street as usize].next_number += 1;
        let index = self.dwellings.len() as u32;
        self.dwellings.push(Dwelling { uprn: 100_060_000_000 + u64::from(index) * 7 + 1, number, street });
        index
    }

    /// A dwelling and its street.
    pub fn at(&self, dwelling: u32) -> (&Dwelling, &Street) {
        let dwelling = &self.dwellings[dwelling as usize];
        (dwelling, &self.streets[dwelling.street as usize])
    }

    /// `area.csv`.
    pub fn area_csv() -> String {
        let mut text = String::from("postcode,la\n");
        for district in ["SO14", "SO15", "SO16", "SO17", "SO18", "SO19"] {
            text += &format!("{district},{HOME}\n");
        }
        text += &format!("SO16 9,{HAMPSHIRE}\n{EXCEPTION},{HOME}\n");
        for district in ["SO30", "SO31", "SO32", "SO40", "SO45", "SO50", "SO51", "SO52", "SO53"] {
            text += &format!("{district},{HAMPSHIRE}\n");
        }
        for district in ["PO1", "PO2", "PO3", "PO4", "PO5", "PO6"] {
            text += &format!("{district},{PORTSMOUTH}\n");
        }
        for district in ["PO30", "PO31", "PO32", "PO33"] {
            text += &format!("{district},{ISLE_OF_WIGHT}\n");
        }
        text
    }
}
