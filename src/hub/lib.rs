//! **hub**: the order of steps, from a file to a finding and to the outbox, and the acts of people.
//!
//! In: files (from drop folders or by hand) and decisions of people. Out: records, links, findings and sealed messages in
//! `store`.
//! [`night`] is the whole flow on one page; each step is a file in `steps/`, each decision of a person a file in `acts/`.
//!
//! This room does not know channels, HTTP, the command line, or any one system: readers come through the
//! [`connect::Registry`] it is given.

pub mod acts;
mod error;
mod known;
mod ledger_keeping;
pub mod night;
pub mod order;
pub mod provenance;
mod settings;
pub mod steps;

use std::sync::Arc;

use connect::Registry;
use formats::Sandbox;
use linkage::Linker;
use mapping::Library;
use schema::{Area, Calendar, Clock, LaCode, Schools, SourceConfig};
use sharing::Agreements;
use store::Store;

pub use error::HubError;
pub use ledger_keeping::ProblemTold;
pub use order::{ImportOrder, PayloadReport};
pub use settings::SnapshotSettings;

/// What a council is, from its config folder: facts that do not change while the hub runs.
pub struct Home {
    /// Our own authority.
    pub authority: LaCode,
    /// Postcodes and authorities.
    pub area: Area,
    /// Schools.
    pub schools: Schools,
    /// Terms and holidays.
    pub calendar: Calendar,
    /// `[[source]]` of `onroll.toml`.
    pub sources: Vec<SourceConfig>,
    /// `[rules]`.
    pub rules: rules::Settings,
    /// `[snapshot]`.
    pub snapshot: SnapshotSettings,
    /// Compiled-in mappings and those of the home.
    pub library: Library,
    /// `agreements/`: who may be told what.
    pub agreements: Agreements,
}

/// The hub: a home, its store, the connectors, and the linkage index, which is filled when first needed.
pub struct Hub {
    home: Arc<Home>,
    store: Store,
    registry: Arc<Registry>,
    sandbox: Sandbox,
    clock: Arc<dyn Clock>,
    linker: Option<Linker>,
}

impl Hub {
    /// Puts a hub together. Nothing is read or written before the first step.
    pub fn new(home: Home, store: Store, registry: Registry, sandbox: Sandbox, clock: Arc<dyn Clock>) -> Hub {
        Hub { home: Arc::new(home), store, registry: Arc::new(registry), sandbox, clock, linker: None }
    }

    /// The store, for views.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The home's config.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The connectors.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }
}
