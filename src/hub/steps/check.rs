//! Merge and check: the best values of changed children are worked out again, and the rules look at each child as of a date.
//! Records are read once, in child order; the pure work is spread over threads.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use linkage::best;
use rules::{ChildFile, Council, Held, Told};
use schema::{ChildId, Finding, FindingId, Record, Schools, StreamId, StreamState};
use store::view::ShownRecord;
use store::{FindingChanges, HeldRecord, NewChild, Which};
use tokio::runtime::Handle;

use super::read::summary_row;
use crate::{Hub, HubError};

/// Children per parcel of work.
const PARCEL: usize = 256;
/// Parcels that may wait; bounds memory.
const WAITING: usize = 8;

/// What a check did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Checked {
    /// Children looked at.
    pub children: u64,
    /// Findings opened.
    pub opened: u64,
    /// Findings that say something else than before.
    pub updated: u64,
    /// Findings closed.
    pub closed: u64,
}

type Parcel = Vec<(ChildId, bool, Vec<HeldRecord>)>;

/// What the workers found.
#[derive(Default)]
struct Results {
    findings: Vec<Finding>,
    looked_at: u64,
    summaries: Vec<NewChild>,
    bad_record: Option<schema::RecordId>,
}

/// Whose best values are worked out again.
enum Changed {
    These(HashSet<ChildId>),
    Everybody,
}

impl Changed {
    fn includes(&self, child: ChildId) -> bool {
        match self {
            Changed::These(children) => children.contains(&child),
            Changed::Everybody => true,
        }
    }
}

/// What the rules must know besides the child.
pub(crate) struct Context {
    council: Council,
    index: HashMap<StreamId, usize>,
    fingerprint: u64,
    /// What schools were told last.
    delivered: HashMap<ChildId, Vec<Told>>,
    /// Children whom a person restricted.
    restricted: HashSet<ChildId>,
}

impl Context {
    /// Equal for two pictures of the council that the rules cannot tell apart, within one run of the program.
    pub(crate) fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}

impl Hub {
    /// The council as the rules see it now. Two equal contexts give the same findings for the same child and date.
    pub(crate) async fn context(&self) -> Result<Context, HubError> {
        let streams = self.store.streams().await?;
        let index = streams.iter().enumerate().map(|(i, (id, _, _))| (*id, i)).collect();
        let home = &self.home;
        let listed = self.store.listed_schools().await?;
        let mut hasher = DefaultHasher::new();
        for (id, _, s) in &streams {
            (id, s.roll, s.laestab, s.latest, s.latest_complete, s.max_age_days).hash(&mut hasher);
        }
        listed.hash(&mut hasher);
        let fingerprint = hasher.finish();
        let council = Council::new(
            home.authority,
            home.area.clone(),
            home.schools.clone(),
            home.calendar.clone(),
            home.rules.clone(),
            streams.into_iter().map(|(_, _, state)| StreamState { laestab: state.laestab.map(|l| home.schools.now(l)), ..state }).collect(),
            listed.into_iter().map(|(_, school, day)| (home.schools.now(school), day)),
        );
        let delivered = self.store.told().await?.into_iter().map(|(child, told)| (child, told_of(home, told))).collect();
        let restricted = self.store.restricted_by_person().await?;
        Ok(Context { council, index, fingerprint, delivered, restricted })
    }

    /// Looks at children as of a day and stores what changed in their findings; works out the summaries of `changed` again.
    async fn check(&self, which: Which, changed: Changed, as_of: NaiveDate) -> Result<Checked, HubError> {
        let results = self.evaluate_with(&which, changed, as_of).await?;
        if !results.summaries.is_empty() {
            self.store.update_children(results.summaries).await?;
        }
        let children = results.looked_at;
        let open = self.store.open_findings(&which).await?;
        let all = matches!(which, Which::All);
        // Of a child merged into another nothing is looked at any more: its findings close.
        let changes = compare(open, results.findings);
        let checked = Checked {
            children,
            opened: changes.open.len() as u64,
            updated: changes.update.len() as u64,
            closed: changes.close.len() as u64,
        };
        self.store.settle_findings(changes, all, as_of, self.clock.now()).await?;
        Ok(checked)
    }

    /// Looks at these children, or, where the rules have not run today, at everybody: what changed since yesterday is more
    /// than what a person touched. After a run that ended between storing and checking nobody knows who was touched.
    pub(crate) async fn check_these(&self, children: Vec<ChildId>, changed: Vec<ChildId>) -> Result<Checked, HubError> {
        let today = self.clock.today();
        if self.store.was_interrupted().await? {
            return self.check(Which::All, Changed::Everybody, today).await;
        }
        let changed = Changed::These(changed.into_iter().collect());
        match self.store.last_check().await? {
            Some(day) if day == today && children.is_empty() => {
                self.store.nothing_to_check().await?;
                Ok(Checked::default())
            }
            Some(day) if day == today => self.check(Which::These(children), changed, today).await,
            _ => self.check(Which::All, changed, today).await,
        }
    }

    /// Findings as of any day, from what is known now; nothing is stored.
    ///
    /// # Errors
    /// The store failed.
    pub async fn evaluate(&self, as_of: NaiveDate) -> Result<Vec<Finding>, HubError> {
        Ok(self.evaluate_with(&Which::All, Changed::These(HashSet::new()), as_of).await?.findings)
    }

    async fn evaluate_with(&self, which: &Which, changed: Changed, as_of: NaiveDate) -> Result<Results, HubError> {
        let context = Arc::new(self.context().await?);
        let changed = Arc::new(changed);
        let (send, receive) = sync_channel::<Parcel>(WAITING);
        let receive = Arc::new(Mutex::new(receive));
        let threads = std::thread::available_parallelism().map_or(2, |n| n.get().clamp(1, 8));
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let (receive, context, changed) = (receive.clone(), context.clone(), changed.clone());
                std::thread::spawn(move || work(&receive, &context, &changed, as_of))
            })
            .collect();
        drop(receive);
        let (store, which, handle) = (self.store.clone(), which.clone(), Handle::current());
        // The reader waits when the workers are behind: it must not hold up the runtime.
        let read = tokio::task::spawn_blocking(move || handle.block_on(send_parcels(&store, &which, send))).await;
        let mut all = Results::default();
        for worker in workers {
            let part = worker.join().unwrap_or_default();
            all.findings.extend(part.findings);
            all.looked_at += part.looked_at;
            all.summaries.extend(part.summaries);
            all.bad_record = all.bad_record.or(part.bad_record);
        }
        read.map_err(|_| HubError::Reader { file: "the records of the children".to_owned() })??;
        if let Some(record) = all.bad_record {
            return Err(HubError::BadRecord { record });
        }
        all.findings.sort_unstable_by(|a, b| (a.child, &a.rule).cmp(&(b.child, &b.rule)));
        all.summaries.sort_unstable_by_key(|s| s.id);
        Ok(all)
    }
}

async fn send_parcels(store: &store::Store, which: &Which, send: SyncSender<Parcel>) -> Result<(), HubError> {
    let mut parcel = Parcel::with_capacity(PARCEL);
    store
        .each_child(which, |child, unsure, records| {
            parcel.push((child, unsure, records));
            if parcel.len() == PARCEL {
                // The workers end only after this sender is gone.
                let _ = send.send(std::mem::replace(&mut parcel, Parcel::with_capacity(PARCEL)));
            }
        })
        .await?;
    let _ = send.send(parcel);
    Ok(())
}

fn work(receive: &Mutex<Receiver<Parcel>>, context: &Context, changed: &Changed, as_of: NaiveDate) -> Results {
    let mut results = Results::default();
    loop {
        let parcel = receive.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(parcel) = parcel else { return results };
        for (child, unsure, records) in parcel {
            results.looked_at += 1;
            match context.held(records) {
                Ok(records) => {
                    results.findings.extend(rules::check(&context.council, &context.child_file(child, &records, unsure), as_of));
                    if changed.includes(child) {
                        results.summaries.push(summary_row(child, best::summary(&context.told(&records))));
                    }
                }
                Err(record) => results.bad_record = Some(record),
            }
        }
    }
}

impl Context {
    pub(crate) fn council(&self) -> &Council {
        &self.council
    }

    /// A child as the rules take it.
    pub(crate) fn child_file<'a>(&'a self, id: ChildId, records: &'a [Held], unsure: bool) -> ChildFile<'a> {
        let told = self.delivered.get(&id).map_or(&[][..], Vec::as_slice);
        ChildFile { id, records, unsure, restricted: self.restricted.contains(&id), told }
    }

    /// Stored records as the rules take them.
    pub(crate) fn held(&self, records: Vec<HeldRecord>) -> Result<Vec<Held>, schema::RecordId> {
        let mut out = Vec::with_capacity(records.len());
        for r in records {
            let stream = self.index.get(&r.stream).copied().unwrap_or_default();
            let mut record: Record = serde_json::from_str(&r.body).map_err(|_| r.id)?;
            as_today(&self.council.schools, &mut record);
            let told = self.told_on(stream, r.payload_as_of, r.seen, r.gone);
            out.push(Held { id: r.id, stream, told, gone: r.gone, record });
        }
        Ok(out)
    }

    /// A record as `child show` has it.
    pub(crate) fn of_shown(&self, r: &ShownRecord) -> Held {
        let stream = self.council.streams.iter().position(|s| s.source == r.source && s.dataset == r.dataset).unwrap_or_default();
        let told = self.told_on(stream, r.as_of.unwrap_or(NaiveDate::MIN), r.seen, r.gone);
        let mut record = r.says.clone();
        as_today(&self.council.schools, &mut record);
        Held { id: r.record, stream, told, gone: r.gone, record }
    }

    /// The last day on which the source said it: the file's, a later file that had it unchanged, or the newest complete file.
    fn told_on(&self, stream: usize, payload: NaiveDate, seen: Option<NaiveDate>, gone: Option<NaiveDate>) -> NaiveDate {
        let told = seen.map_or(payload, |seen| seen.max(payload));
        let complete = self.council.streams.get(stream).and_then(|s| s.latest_complete).filter(|_| gone.is_none());
        complete.map_or(told, |day| day.max(told))
    }

    /// The same records as the merge takes them, with the trust that the rules put in each stream.
    pub(crate) fn told<'a>(&self, records: &'a [Held]) -> Vec<best::Told<'a>> {
        records
            .iter()
            .map(|h| {
                let trust = self.council.trust(h.stream);
                // What a source no longer says counts less than what any other still says.
                best::Told { record_id: h.id, told: h.told, trust: if h.gone.is_some() { trust + 10 } else { trust }, record: &h.record }
            })
            .collect()
    }
}

/// What each school was told last, under today's numbers of schools.
fn told_of(home: &crate::Home, told: Vec<(String, String)>) -> Vec<Told> {
    let of = |(recipient, address): (String, String)| {
        let school = home.schools.now(schema::Laestab::parse(&recipient).ok()?);
        Some(Told { school, address: serde_json::from_str(&address).ok()? })
    };
    told.into_iter().filter_map(of).collect()
}

/// Puts the numbers of today in place of those of schools that were converted or merged (D22), so that a base at the old number
/// and a roll at the new one are the same school to the rules. The stored record keeps what the source said.
fn as_today(schools: &Schools, record: &mut Record) {
    if !schools.has_links() {
        return;
    }
    for enrolment in &mut record.enrolments {
        let destination = enrolment.destination.as_mut().and_then(|d| d.school.as_mut());
        for number in enrolment.school.as_mut().into_iter().chain(destination) {
            *number = schools.now(*number);
        }
    }
    for number in record.offers.iter_mut().filter_map(|o| o.school.as_mut()) {
        *number = schools.now(*number);
    }
}

/// What must change in the store so that it holds exactly the findings of now.
fn compare(open: Vec<(FindingId, Finding)>, now: Vec<Finding>) -> FindingChanges {
    let mut before: HashMap<(ChildId, String), (FindingId, Finding)> =
        open.into_iter().map(|(id, f)| ((f.child, f.rule.clone()), (id, f))).collect();
    let mut changes = FindingChanges::default();
    for finding in now {
        match before.remove(&(finding.child, finding.rule.clone())) {
            Some((_, old)) if old == finding => {}
            Some((id, _)) => changes.update.push((id, finding)),
            None => changes.open.push(finding),
        }
    }
    changes.close = before.into_values().map(|(id, _)| id).collect();
    changes.close.sort_unstable();
    changes
}
