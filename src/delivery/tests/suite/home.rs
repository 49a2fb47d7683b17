//! A home with an outbox: children, agreements, messages, and what lies in the folders.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use connect::channel::{Channel, FolderChannel};
use delivery::{Delivery, NoWatch, Report, Settings, Watch};
use schema::{Address, ChildId, Clock, MessageId, MessageState, Postcode, Record, Role, Viewer};
use sharing::{Agreements, Purpose, Sealed, Subject, seal};
use store::{Batch, Counts, Fate, FateRange, FileEnd, NewChild, NewMessage, NewPayload, Store};

/// A clock that a test moves.
pub struct TestClock(Mutex<DateTime<Utc>>);

impl TestClock {
    pub fn to(&self, at: DateTime<Utc>) {
        *self.0.lock().unwrap() = at;
    }

    pub fn forward(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

pub fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 24, 20, 0, 0).unwrap()
}

pub fn officer() -> Viewer {
    Viewer { name: "Olive Example".to_owned(), role: Role::Officer, school: None }
}

/// How a school is reached, and what happens when nobody knows.
pub struct School {
    pub laestab: &'static str,
    pub channels: &'static [&'static str],
    pub on_unknown: &'static str,
}

pub const FOLDER: School = School { laestab: "8524001", channels: &["folder"], on_unknown: "resend" };
pub const EMAIL: School = School { laestab: "8524002", channels: &["email"], on_unknown: "resend" };
pub const EMAIL_HOLD: School = School { laestab: "8524003", channels: &["email"], on_unknown: "hold" };
pub const BOTH: School = School { laestab: "8524004", channels: &["email", "folder"], on_unknown: "resend" };

fn agreement(school: &School) -> (String, String) {
    let channels: String = school
        .channels
        .iter()
        .map(|kind| match *kind {
            "folder" => "[[channel]]\nkind = \"folder\"\ncollect_within_hours = 72\n",
            _ => "[[channel]]\nkind = \"email\"\nto = \"office@oakwood.example\"\ncontent = \"attachment\"\n",
        })
        .collect();
    let text = format!(
        r#"recipient = "{}"
name = "Oakwood Primary School"
version = "2026-1"
in_force = true
from = 2026-09-01
until = 2027-08-31
review = 2027-06-01
[[contact]]
name = "Head of office"
email = "office@oakwood.example"
{channels}[purpose.address-change]
basis = "Education Act 1996 s436A"
fields = ["name.surname", "address.lines", "address.postcode"]
direction = "out"
release = "automatic"
on_unknown = "{}"
"#,
        school.laestab, school.on_unknown
    );
    (format!("agreements/{}.toml", school.laestab), text)
}

/// The message that a child moved to a house of that number.
pub fn sealed(school: &School, child: ChildId, house: u32) -> (Sealed, String) {
    let agreements = Agreements::parse(&[agreement(school)]).unwrap();
    let mut best = Record::default();
    best.name.surname = "Example".to_owned();
    let address = Address { lines: vec![format!("{house} Test Road")], postcode: Postcode::parse("SO14 0AA").ok(), ..Address::default() };
    let subject = Subject { child, restricted: false, best: &best, address: &address, change: &Default::default() };
    let sealed = seal(&agreements, school.laestab, Purpose::AddressChange, &subject, start().date_naive()).unwrap();
    (sealed, serde_json::to_string(&address).unwrap())
}

pub struct Home {
    pub folder: tempfile::TempDir,
    pub store: Store,
    pub clock: Arc<TestClock>,
}

impl Home {
    /// With so many children, C1 and on.
    pub async fn with_children(count: i64) -> Home {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).await;
        add_children(&store, count).await;
        Home { folder, store, clock: Arc::new(TestClock(Mutex::new(start()))) }
    }

    /// A run of its own, with a folder channel and these.
    pub fn delivery(&self, others: Vec<Arc<dyn Channel>>) -> Delivery {
        delivery(self.folder.path(), self.store.clone(), self.clock.clone(), others, Arc::new(NoWatch))
    }

    pub async fn run(&self, others: Vec<Arc<dyn Channel>>) -> Report {
        self.delivery(others).run().await.unwrap()
    }

    /// Puts a message for each child.
    pub async fn put(&self, school: &School, children: impl IntoIterator<Item = i64>, house: u32) {
        let wanted = children.into_iter().map(|child| wanted(school, ChildId(child), house)).collect();
        self.store.put_messages(wanted, Vec::new(), self.clock.now()).await.unwrap();
    }

    pub async fn state(&self, message: i64) -> MessageState {
        self.store.message(MessageId(message)).await.unwrap().state
    }

    /// Names and texts of the files that lie for a school.
    pub fn files(&self, school: &School) -> BTreeMap<String, String> {
        files(self.folder.path(), school)
    }

    /// Number of entries in the disclosure log for each message.
    pub async fn disclosed(&self) -> BTreeMap<MessageId, u32> {
        disclosed(&self.store).await
    }

    /// The words of open tasks of that kind.
    pub async fn tasks(&self, kind: &str) -> Vec<String> {
        let tasks = self.store.task_list(&officer(), false).await.unwrap();
        tasks.into_iter().filter(|t| t.kind == kind).map(|t| t.words).collect()
    }
}

pub async fn open(folder: &Path) -> Store {
    Store::open(&format!("sqlite:{}", folder.join("onroll.db").display()), folder).await.unwrap()
}

/// Quick to give up, so that tests see each end.
pub fn settings() -> Settings {
    Settings { attempts_per_channel: 3, ..Settings::default() }
}

pub fn delivery(home: &Path, store: Store, clock: Arc<dyn Clock>, others: Vec<Arc<dyn Channel>>, watch: Arc<dyn Watch>) -> Delivery {
    use std::sync::atomic::{AtomicU64, Ordering};
    static RUNS: AtomicU64 = AtomicU64::new(1);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let mut channels: Vec<Arc<dyn Channel>> = vec![Arc::new(FolderChannel::new(home))];
    // What a test gives comes first: it may stand in for the folder.
    channels.splice(0..0, others);
    Delivery {
        store,
        channels,
        clock,
        settings: settings(),
        sender: "852LLLL".to_owned(),
        by: format!("{}-{run}", std::process::id()),
        domain: "onroll.example".to_owned(),
        seed: run,
        watch,
    }
}

pub fn files(home: &Path, school: &School) -> BTreeMap<String, String> {
    let folder = home.join("out").join(school.laestab);
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeMap::new() };
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

pub async fn disclosed(store: &Store) -> BTreeMap<MessageId, u32> {
    let mut entries = BTreeMap::new();
    let read = |_, _: &str, _: &str, line: &str| {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let message = entry["message"].as_str().unwrap().parse().unwrap();
        *entries.entry(message).or_default() += 1;
    };
    store.for_each_disclosure(read).await.unwrap();
    entries
}

pub fn wanted(school: &School, child: ChildId, house: u32) -> NewMessage {
    let (sealed, address) = sealed(school, child, house);
    NewMessage {
        sealed: Some(sealed),
        recipient: school.laestab.to_owned(),
        purpose: Purpose::AddressChange.as_str().to_owned(),
        child,
        finding: None,
        address,
        state: MessageState::Waiting,
        hold: None,
        reason: None,
        task: None,
    }
}

/// C1 and on.
pub async fn add_children(store: &Store, count: i64) {
    let payload = NewPayload {
        source: "one".to_owned(),
        connector: "sims".to_owned(),
        dataset: Some("pupils".to_owned()),
        stream: Some(store.stream("one", "sims", "pupils", true, None, None).await.unwrap().id),
        mapping: None,
        mapping_version: None,
        file: "pupils.csv".to_owned(),
        sha256: String::new(),
        bytes: 0,
        landed_at: start(),
        as_of: Some(start().date_naive()),
        complete: true,
        columns: Vec::new(),
        by: "Olive Example".to_owned(),
    };
    let mut ingest = store.begin_ingest(&payload).await.unwrap();
    let children = (1..=count).map(|id| NewChild {
        id: ChildId(id),
        display: format!("Ada {id} Example"),
        folded: format!("ada {id} example"),
        dob: None,
        upn: None,
        restricted: false,
    });
    ingest.write(Batch { children: children.collect(), ..Batch::default() }).await.unwrap();
    let mut counts = Counts { read: 1, ..Counts::default() };
    counts.add(Fate::Accepted, 1);
    ingest
        .finish(counts, vec![FateRange { first: 1, last: 1, fate: Fate::Accepted }], Vec::new(), FileEnd::default(), start())
        .await
        .unwrap();
}
