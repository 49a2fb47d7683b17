//! The night, on one page: fetch from the drop folders, ingest each file, settle it, find who moved,
//! merge and check, share.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use connect::{DropFolder, Ending, Fetch, Fetched};
use schema::{ChildId, SourceConfig, Viewer};
use serde::Serialize;
use store::{Counts, Which};

use crate::steps::check::Checked;
use crate::steps::ingest::allowed;
use crate::steps::share::Shared;
use crate::{Hub, HubError, ImportOrder, PayloadReport};

/// What is told while the night runs: the step, how much is done, of how much.
pub type Progress<'a> = dyn FnMut(&'static str, u64, u64) + Send + 'a;

/// What a night did.
#[derive(Debug, Default, Serialize)]
pub struct NightReport {
    /// Per connector.
    pub connectors: BTreeMap<String, ConnectorReport>,
    /// Rows of all payloads.
    pub rows: Counts,
    /// Every file, in the order in which it was taken.
    pub payloads: Vec<PayloadReport>,
    /// Files left in their drop folder, each with the reason.
    pub waiting: Vec<String>,
    /// Folders and files that could not be worked with, each with what to do.
    pub faults: Vec<String>,
    /// What the rules found.
    pub checked: Checked,
    /// What was put into the outbox.
    pub shared: Shared,
    /// Seconds per step.
    pub seconds: BTreeMap<&'static str, f64>,
}

/// What came in by one connector.
#[derive(Debug, Default, Serialize)]
pub struct ConnectorReport {
    /// Files taken.
    pub payloads: u64,
    /// Files that failed.
    pub failed: u64,
    /// Their rows.
    pub rows: Counts,
}

impl NightReport {
    /// Whether some records need a person.
    pub fn needs_attention(&self) -> bool {
        self.payloads.iter().any(PayloadReport::needs_attention)
    }

    /// Whether some file failed.
    pub fn failed(&self) -> bool {
        !self.faults.is_empty() || self.payloads.iter().any(|p| p.failed)
    }

    /// A file that was read but cannot be moved is told; its bytes are known, so that it is not read twice.
    fn settled(&mut self, source: &str, moved: Result<std::path::PathBuf, connect::FetchFault>) {
        if let Err(fault) = moved {
            self.faults.push(format!("source {source}: {fault}"));
        }
    }

    fn add(&mut self, connector: &str, report: PayloadReport) {
        let of = self.connectors.entry(connector.to_owned()).or_default();
        of.payloads += 1;
        of.failed += u64::from(report.failed);
        of.rows += report.rows;
        self.rows += report.rows;
        self.payloads.push(report);
    }
}

impl Hub {
    /// Runs the inbound syncs of all sources, or of the connectors or sources named, then the rules, then puts what must be
    /// told into the outbox.
    ///
    /// # Errors
    /// The store or a drop folder failed. A file that cannot be read stops nothing: it goes to `failed/` with its reason.
    pub async fn night(
        &mut self,
        viewer: &Viewer,
        folders: &DropFolders,
        only: &[String],
        progress: &mut Progress<'_>,
    ) -> Result<NightReport, HubError> {
        allowed(viewer)?;
        self.store.landing().sweep()?;
        let mut report = NightReport::default();
        let before = self.context().await?.fingerprint();
        let started = Instant::now();
        let mut taken = Vec::new();
        for source in self.chosen(only)? {
            match folders.of(&source.id).look() {
                Ok(look) => {
                    taken.extend(look.ready.into_iter().map(|file| (source.clone(), file)));
                    report.waiting.extend(look.left.into_iter().map(|left| format!("{}/{}: {}", source.id, left.name, left.why)));
                }
                // A share that is not connected must not keep the other sources waiting.
                Err(fault) => report.faults.push(format!("source {}: {fault}", source.id)),
            }
        }
        // Children are to be known before somebody speaks of them whom only others name.
        taken.sort_by_key(|(source, _)| self.registry.get(&source.connector).is_some_and(|c| c.last));
        report.seconds.insert("fetch", started.elapsed().as_secs_f64());

        let started = Instant::now();
        let (mut affected, mut changed) = (BTreeSet::new(), BTreeSet::new());
        let all = taken.len() as u64;
        for (done, (source, file)) in taken.into_iter().enumerate() {
            progress("read", done as u64, all);
            if let Some(of_file) = self.take(viewer, folders, &source, &file, &mut report).await? {
                affected.extend(of_file.0);
                changed.extend(of_file.1);
            }
        }
        progress("read", all, all);
        report.seconds.insert("read", started.elapsed().as_secs_f64());

        let started = Instant::now();
        let moved = self.household().await?;
        affected.extend(moved.iter().copied());
        changed.extend(moved);
        report.seconds.insert("household", started.elapsed().as_secs_f64());

        // Nothing is linked any more in this run: the rules may have the memory.
        self.linker = None;
        let started = Instant::now();
        progress("check", 0, 1);
        report.checked = self.check_after(before, affected, changed).await?;
        progress("check", 1, 1);
        report.seconds.insert("check", started.elapsed().as_secs_f64());

        let started = Instant::now();
        progress("share", 0, 1);
        report.shared = self.share().await?;
        progress("share", 1, 1);
        report.seconds.insert("share", started.elapsed().as_secs_f64());
        Ok(report)
    }

    /// One file of a drop folder: ingested, then moved to `done/` or `failed/`. `None`: left where it is.
    async fn take(
        &mut self,
        viewer: &Viewer,
        folders: &DropFolders,
        source: &SourceConfig,
        file: &Fetched,
        report: &mut NightReport,
    ) -> Result<Option<(Vec<ChildId>, Vec<ChildId>)>, HubError> {
        let folder = folders.of(&source.id);
        let order = ImportOrder {
            connector: source.connector.clone(),
            file: file.path.clone(),
            source: Some(source.id.clone()),
            first_look: Some(file.sha256.clone()),
            unattended: true,
            ..ImportOrder::default()
        };
        match self.ingest(viewer, &order).await {
            Ok(done) => {
                let ending = match (&done.report.reason, done.report.failed) {
                    (Some(reason), true) => Ending::Failed(reason.clone()),
                    _ => Ending::Done,
                };
                report.settled(&source.id, folder.settle(file, ending));
                report.add(&source.connector, done.report);
                Ok(Some((done.affected, done.changed)))
            }
            Err(HubError::StillWritten { .. }) => {
                report.waiting.push(format!("{}/{}: it is still being written", source.id, file.name));
                Ok(None)
            }
            // It stays where it is, and the next run tries again; the other files go on.
            Err(fault @ HubError::Machine { .. }) => {
                report.faults.push(format!("{}/{fault}", source.id));
                report.connectors.entry(source.connector.clone()).or_default().failed += 1;
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Imports files by hand, then links, checks and shares as in a night.
    ///
    /// A file about which something must be said stops the import: its fault stands beside the reports of the files before
    /// it, which stay in.
    ///
    /// # Errors
    /// The rules could not be run.
    pub async fn import(
        &mut self,
        viewer: &Viewer,
        orders: &[ImportOrder],
        progress: &mut Progress<'_>,
    ) -> Result<(Vec<PayloadReport>, Option<HubError>), HubError> {
        self.store.landing().sweep()?;
        let before = self.context().await?.fingerprint();
        let (mut affected, mut changed, mut reports) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let mut stopped = None;
        for (done, order) in orders.iter().enumerate() {
            progress("read", done as u64, orders.len() as u64);
            match self.ingest(viewer, order).await {
                Ok(done) => {
                    affected.extend(done.affected);
                    changed.extend(done.changed);
                    reports.push(done.report);
                }
                Err(fault) => {
                    stopped = Some(fault);
                    break;
                }
            }
        }
        let moved = self.household().await?;
        affected.extend(moved.iter().copied());
        changed.extend(moved);
        self.linker = None;
        progress("check", 0, 1);
        self.check_after(before, affected, changed).await?;
        progress("check", 1, 1);
        self.share().await?;
        Ok((reports, stopped))
    }

    /// Rules after records changed: everybody on a new day, else those affected, and, where the council's picture changed
    /// (a list came, a source grew older), everybody with an open finding too: context changes grades, it never opens the first finding.
    pub(crate) async fn check_after(
        &self,
        before: u64,
        affected: BTreeSet<ChildId>,
        changed: BTreeSet<ChildId>,
    ) -> Result<Checked, HubError> {
        let mut children = affected;
        if self.context().await?.fingerprint() != before {
            children.extend(self.store.open_findings(&Which::All).await?.into_iter().map(|(_, f)| f.child));
        }
        self.check_these(children.into_iter().collect(), changed.into_iter().collect()).await
    }

    fn chosen(&self, only: &[String]) -> Result<Vec<SourceConfig>, HubError> {
        for name in only {
            if self.registry.get(name).is_none() && !self.home.sources.iter().any(|s| &s.id == name) {
                return Err(HubError::usage(
                    format!("\"{name}\" is neither a connector nor a source"),
                    "see onroll connectors, and [[source]] in onroll.toml",
                ));
            }
        }
        let wanted = |s: &&SourceConfig| only.is_empty() || only.iter().any(|name| name == &s.connector || name == &s.id);
        Ok(self.home.sources.iter().filter(wanted).cloned().collect())
    }
}

/// Makes the drop folder of a source: `drop/<source>/`.
pub struct DropFolders {
    /// Given the source's id.
    pub make: Box<dyn Fn(&str) -> DropFolder + Send + Sync>,
}

impl DropFolders {
    fn of(&self, source: &str) -> DropFolder {
        (self.make)(source)
    }
}
