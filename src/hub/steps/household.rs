//! Household: who moved, where a change of address names no child. Children who lived at the old address on the day before get a
//! record each, so that `child show` tells where their new address is from; all else is a task. Tried again at each run, so that
//! a roll that comes later answers it; a task closes by itself when it is answered.

mod search;
mod words;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use schema::{ChildId, PayloadId, Record, RecordId, StreamId, TaskKind};
use store::{Batch, Counts, FileEnd, HouseholdChange, Ingest, NewRecord, Which};

pub(crate) use search::Search;

use super::movers::{self, cause};
use crate::{Hub, HubError};

/// How often the children are gone through in one run: who moved twice is found at the second address only after the first.
const ROUNDS: usize = 5;
/// More children than one household has: a hostel, or an address without its flat. Who of them moved is asked, never guessed.
pub(crate) const MOST_CHILDREN: usize = 12;

/// A change that waits, with what it says.
struct Waiting {
    change: HouseholdChange,
    record: Record,
    /// The day its payload speaks of.
    day: NaiveDate,
}

/// What a stream says under the references that are asked for.
#[derive(Default)]
struct Said {
    /// Children that are named, and the newest day on which one was.
    named: Vec<ChildId>,
    newest: Option<NaiveDate>,
    /// Records of whoever lived there, from an earlier run.
    found: Vec<(ChildId, RecordId)>,
}

type SaidBy = HashMap<(StreamId, String), Said>;

/// What becomes of a change in this run.
enum End {
    /// It asks nobody for anything.
    Settled,
    /// These children moved. Beside them the records of those who were found when the change was told before.
    Moved(Vec<ChildId>, Vec<(ChildId, RecordId)>),
    /// A person must say who moved; with the number of children who live there, where that is why.
    Ask(Option<usize>),
    /// The day of the move has not come.
    Later,
}

impl Hub {
    /// Finds who moved, for each change of which no child is named. Gives the children who did: their records changed.
    ///
    /// # Errors
    /// The store failed. What was found of one payload is stored whole or not at all.
    pub(crate) async fn household(&self) -> Result<Vec<ChildId>, HubError> {
        let mut moved = Vec::new();
        let mut keys = Vec::new();
        for round in 1..=ROUNDS {
            let waiting = self.waiting_changes().await?;
            let ends = self.ends(&waiting).await?;
            // As long as somebody is found, the next look may answer more: nobody is asked before it does not.
            let is_last = round == ROUNDS || !ends.iter().any(|end| matches!(end, End::Moved(..)));
            keys = self.store_ends(&waiting, ends, is_last, &mut moved).await?;
            if is_last {
                break;
            }
        }
        self.store.keep_tasks(&[TaskKind::WhoMoved], &keys, self.clock.now()).await?;
        moved.sort_unstable();
        moved.dedup();
        Ok(moved)
    }

    async fn waiting_changes(&self) -> Result<Vec<Waiting>, HubError> {
        let mut days: HashMap<PayloadId, NaiveDate> = HashMap::new();
        let mut waiting = Vec::new();
        for change in self.store.open_household().await? {
            let day = match days.get(&change.payload) {
                Some(day) => *day,
                None => {
                    let day = self.store.payload(change.payload).await?.payload.day();
                    *days.entry(change.payload).or_insert(day)
                }
            };
            let record: Record = serde_json::from_str(&change.body).map_err(|_| HubError::BadChange { change: change.id })?;
            waiting.push(Waiting { change, record, day });
        }
        Ok(waiting)
    }

    /// What becomes of each change; nothing is stored.
    async fn ends(&self, waiting: &[Waiting]) -> Result<Vec<End>, HubError> {
        if waiting.is_empty() {
            return Ok(Vec::new());
        }
        let said = self.said_by(waiting).await?;
        let known = self.known_elsewhere(waiting, &said).await?;
        let today = self.clock.today();
        let (mut ends, mut searches, mut adults) = (Vec::with_capacity(waiting.len()), Vec::new(), HashSet::new());
        for (at, w) in waiting.iter().enumerate() {
            let of = said.get(&(w.change.stream, w.change.reference.clone())).filter(|_| !w.change.reference.is_empty());
            // A child of the same change was named on the same day or later: it is known who moved.
            let is_named = of.and_then(|s| s.newest).is_some_and(|newest| newest >= w.day);
            let of_nobody = w.record.name.is_empty() && w.record.dob.is_none();
            ends.push(match w.change.cause.as_str() {
                cause::NAMED => End::Settled,
                cause::UNKNOWN_CHILD if of.is_some_and(|s| s.named.iter().any(|c| known.contains(c))) => End::Settled,
                // Adults beside a child are nobody's question, and several adults alone are one.
                cause::ONLY_ADULTS if of.is_some_and(|s| !s.named.is_empty()) => End::Settled,
                cause::ONLY_ADULTS
                    if !adults.insert((w.change.payload, w.change.reference.as_str(), w.change.reference.is_empty().then_some(at))) =>
                {
                    End::Settled
                }
                cause::NOBODY_NAMED | cause::NO_DATE | cause::NO_ADDRESS | cause::NO_OLD_ADDRESS if of_nobody && is_named => End::Settled,
                cause::NOBODY_NAMED => self.to_search(w, at, today, &mut searches),
                _ => End::Ask(None),
            });
        }
        for (at, children) in self.who_lived_at(searches).await? {
            ends[at] = match children.len() {
                0 => End::Ask(None),
                n if n > MOST_CHILDREN => End::Ask(Some(n)),
                _ => {
                    let of = said.get(&(waiting[at].change.stream, waiting[at].change.key.clone()));
                    End::Moved(children, of.map(|s| s.found.clone()).unwrap_or_default())
                }
            };
        }
        Ok(ends)
    }

    fn to_search(&self, w: &Waiting, at: usize, today: NaiveDate, searches: &mut Vec<Search>) -> End {
        // A protected family is protected before it moves.
        let is_to_come = w.record.address_changes.first().and_then(|c| c.moved).is_some_and(|moved| moved > today);
        if is_to_come && w.record.restriction.is_none() {
            return End::Later;
        }
        searches.extend(Search::of(at, &w.record));
        End::Ask(None)
    }

    /// What the streams say under the references of these changes.
    async fn said_by(&self, waiting: &[Waiting]) -> Result<SaidBy, HubError> {
        let asked = waiting.iter().flat_map(|w| [&w.change.reference, &w.change.key].map(|name| (w.change.stream, name.clone())));
        let mut said: SaidBy = asked.map(|name| (name, Said::default())).collect();
        let streams: HashSet<StreamId> = waiting.iter().map(|w| w.change.stream).collect();
        for stream in streams {
            self.store
                .each_known(stream, |known| {
                    // `reference|C12`, or `reference|forename|surname|birth date`.
                    if let Some((reference, rest)) = known.key.rsplit_once('|')
                        && rest.parse::<ChildId>().is_ok()
                    {
                        if let Some(said) = said.get_mut(&(stream, reference.to_owned())).filter(|_| !known.gone) {
                            said.found.push((known.child, known.record));
                        }
                    } else if let Some(reference) = known.key.rsplitn(4, '|').nth(3)
                        && let Some(said) = said.get_mut(&(stream, reference.to_owned()))
                    {
                        said.named.push(known.child);
                        said.newest = said.newest.max(Some(known.as_of));
                    }
                })
                .await?;
        }
        Ok(said)
    }

    /// Of the children that changes name who were not known: those whom another connector names by now.
    async fn known_elsewhere(&self, waiting: &[Waiting], said: &SaidBy) -> Result<HashSet<ChildId>, HubError> {
        let asked = waiting.iter().filter(|w| w.change.cause == cause::UNKNOWN_CHILD);
        let mut children: Vec<ChildId> =
            asked.filter_map(|w| said.get(&(w.change.stream, w.change.reference.clone()))).flat_map(|s| s.named.iter().copied()).collect();
        children.sort_unstable();
        children.dedup();
        let mut known = HashSet::new();
        if children.is_empty() {
            return Ok(known);
        }
        let is_last = |connector: &str| self.registry.get(connector).is_some_and(|c| c.last);
        let own: HashSet<StreamId> =
            self.store.streams().await?.into_iter().filter(|(_, _, s)| is_last(&s.connector)).map(|(id, _, _)| id).collect();
        let which = Which::These(children);
        self.store
            .each_child(&which, |child, _, records| {
                if records.iter().any(|r| !own.contains(&r.stream)) {
                    known.insert(child);
                }
            })
            .await?;
        Ok(known)
    }

    /// Stores what was found, one payload at a time; gives the keys of the tasks that stay.
    async fn store_ends(&self, waiting: &[Waiting], ends: Vec<End>, asks: bool, moved: &mut Vec<ChildId>) -> Result<Vec<String>, HubError> {
        let open = self.store.open_task_keys(TaskKind::WhoMoved).await?;
        let mut keys = Vec::new();
        let mut by_payload: BTreeMap<PayloadId, Vec<(&Waiting, End)>> = BTreeMap::new();
        for (w, end) in waiting.iter().zip(ends) {
            let key = words::key(w.change.id);
            let is_asked = matches!(end, End::Ask(_));
            if is_asked {
                keys.push(key.clone());
            }
            // What is asked already needs no writing, and what is to come none yet.
            if !(is_asked && (open.contains(&key) || !asks)) && !matches!(end, End::Later) {
                by_payload.entry(w.change.payload).or_default().push((w, end));
            }
        }
        for (payload, ends) in by_payload {
            let mut ingest = self.store.resume_ingest(payload).await?;
            let mut of_payload = Vec::new();
            for (w, end) in ends {
                self.store_end(&mut ingest, w, end, &mut of_payload).await?;
            }
            ingest.finish(Counts::default(), Vec::new(), Vec::new(), FileEnd::default(), self.clock.now()).await?;
            moved.append(&mut of_payload);
        }
        Ok(keys)
    }

    async fn store_end(&self, ingest: &mut Ingest, w: &Waiting, end: End, moved: &mut Vec<ChildId>) -> Result<(), HubError> {
        match end {
            End::Settled => ingest.resolve_household(w.change.id).await?,
            End::Ask(living) => {
                let due = self.home.calendar.add_school_days(self.clock.today(), 2, None).unwrap_or_else(|| self.clock.today());
                ingest.open_task(&words::task(&w.change, living, due), Some(w.change.row), self.clock.now()).await?;
            }
            End::Moved(children, earlier) => {
                let gone: Vec<(ChildId, RecordId)> = earlier.iter().filter(|(child, _)| !children.contains(child)).copied().collect();
                ingest.write(records_of(w, &children, &earlier, ingest.next_record())).await?;
                // A corrected change may be of another address: who did not live there did not move.
                if !gone.is_empty() {
                    ingest.mark_gone(&gone.iter().map(|(_, record)| *record).collect::<Vec<_>>(), self.clock.today()).await?;
                }
                ingest.resolve_household(w.change.id).await?;
                moved.extend(children.into_iter().chain(gone.into_iter().map(|(child, _)| child)));
            }
            End::Later => {}
        }
        Ok(())
    }
}

/// A record for each child: the addresses of the change, and nothing of who the child is.
fn records_of(w: &Waiting, children: &[ChildId], earlier: &[(ChildId, RecordId)], next: i64) -> Batch {
    let body = serde_json::to_string(&movers::told(&w.record)).unwrap_or_default();
    let record = |(n, child): (i64, &ChildId)| NewRecord {
        id: RecordId(next + n),
        child: *child,
        stream: w.change.stream,
        key: format!("{}|{child}", w.change.key),
        // No row of a file has such a key: it is never compared.
        digest: [0; 16],
        row: w.change.row,
        body: body.clone(),
        rule: linkage::rule::HOUSEHOLD,
        link: serde_json::json!({"agreed": ["address"], "differed": [], "rivals": []}).to_string(),
        replaces: earlier.iter().find(|(held, _)| held == child).map(|(_, record)| *record),
        superseded: false,
    };
    Batch { records: (0..).zip(children).map(record).collect(), ..Batch::default() }
}
