//! The connectors there are. No list in this room names them: the registry is handed in.

use schema::Rows;
use schema::raw::{Bytes, ReadFault};

/// Which way data goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the system to the hub.
    In,
    /// From the hub to the system.
    Out,
}

/// A payload in the system's own shape, kept beside the connector. All people in it are invented.
#[derive(Debug, Clone, Copy)]
pub struct Fixture {
    /// Its file name.
    pub name: &'static str,
    /// What it is: "leavers report as XML".
    pub about: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
    /// How many rows an independent count finds in it.
    pub rows: u64,
}

/// Bytes to rows. Pure: no network, no clock, no state; the same bytes give the same rows.
pub trait Read: Send + Sync {
    /// Opens a payload of this system. `sandbox` says how to start the child process that reads workbooks.
    ///
    /// # Errors
    /// The bytes are no payload of this system, or cannot be read; the text names no value of them.
    fn open(&self, bytes: &dyn Bytes, sandbox: &formats::Sandbox) -> Result<Box<dyn Rows + Send>, ReadFault>;
}

/// One outside system: what it is called, which way it works, how it is set up, and its parts. Each part is optional.
pub struct Connector {
    /// Its name in commands and config: the name of the system, `capita-one`.
    pub name: &'static str,
    /// What the system is, in one sentence.
    pub about: &'static str,
    /// Which ways it works today.
    pub direction: &'static [Direction],
    /// How bytes travel today: `folder`, and `file` for those given by hand.
    pub transports: &'static [&'static str],
    /// The keys of its `[[source]]` section, each with its meaning.
    pub config_keys: &'static [(&'static str, &'static str)],
    /// Whether its files speak of children whom other systems name, so that a night takes them after all others.
    pub last: bool,
    /// How its payloads are read; `None` where it only sends.
    pub reader: Option<Box<dyn Read>>,
    /// Payloads in its own shape.
    pub fixtures: &'static [Fixture],
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").field("name", &self.name).field("direction", &self.direction).finish_non_exhaustive()
    }
}

/// All connectors, by name.
#[derive(Debug, Default)]
pub struct Registry {
    connectors: Vec<Connector>,
}

impl Registry {
    /// A registry of these connectors, sorted by name. Of two with one name the first stays.
    pub fn new(mut connectors: Vec<Connector>) -> Registry {
        connectors.sort_by_key(|c| c.name);
        connectors.dedup_by_key(|c| c.name);
        Registry { connectors }
    }

    /// The connector of that name.
    pub fn get(&self, name: &str) -> Option<&Connector> {
        self.connectors.iter().find(|c| c.name == name)
    }

    /// All connectors, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = &Connector> {
        self.connectors.iter()
    }

    /// The names, sorted; for "there is no connector X, there are ...".
    pub fn names(&self) -> Vec<&'static str> {
        self.connectors.iter().map(|c| c.name).collect()
    }
}
