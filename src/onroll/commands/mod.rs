//! One file per verb, the same anatomy: read what is asked, open the home, call one act or view, print.

mod agreements;
mod audit;
mod check;
mod child;
mod connectors;
mod deliver;
mod demo;
mod disclosures;
mod dry_run;
mod hold;
mod import;
mod init;
mod ledger;
mod mapping;
mod outbox;
mod quarantine;
mod review;
mod schema;
mod schools;
mod sync;
mod task;
mod worklist;

use std::path::PathBuf;
use std::sync::OnceLock;

use ::hub::Hub;
use ::hub::night::DropFolders;
use ::schema::Viewer;
use ::store::Store;
use fd_lock::RwLock;

use crate::cli::{Cli, HoldVerb, Verb};
use crate::exit::{End, Fault};
use crate::home::{self, OpenHome, Surroundings};
use crate::post::Post;
use crate::who;

/// The ways in and out of a home.
pub struct Doors {
    /// The drop folders.
    folders: DropFolders,
    /// Channels and delivery.
    post: Post,
}

/// What every command may need: where, who, and what the environment says.
pub struct Call {
    home: PathBuf,
    acting: Option<String>,
    around: Surroundings,
    /// A mapping file given by its path.
    mapping: Option<PathBuf>,
    /// The database that was opened, to be closed at the end.
    store: OnceLock<Store>,
}

impl Call {
    /// The home, read and checked.
    fn home(&self) -> Result<OpenHome, Fault> {
        home::open(&self.home, self.mapping.as_deref()).map_err(Fault::Config)
    }

    /// For a command that changes something: the hub, its doors and the person who acts.
    async fn act(&self) -> Result<(Hub, Doors, Viewer), Fault> {
        let home = self.home()?;
        let viewer = who::acting(self.acting.as_deref(), &home.config.people)?;
        let (hub, doors) = self.open(home).await?;
        Ok((hub, doors, viewer))
    }

    /// The hub of a home, whose database is closed when the command ends.
    async fn open(&self, home: OpenHome) -> Result<(Hub, Doors), Fault> {
        let post = Post::of(home.dir.clone(), &home.config);
        let (hub, folders) = home.hub(&self.around).await?;
        // A command opens one home.
        let _ = self.store.set(hub.store().clone());
        Ok((hub, Doors { folders, post }))
    }

    /// For a command that only looks.
    async fn look(&self) -> Result<(Hub, Viewer), Fault> {
        let home = self.home()?;
        let viewer = who::looking(self.acting.as_deref(), &home.config.people)?;
        let (hub, _) = self.open(home).await?;
        Ok((hub, viewer))
    }

    /// The lock under which everything that writes to this home runs, one command at a time.
    fn lock(&self) -> Result<RwLock<std::fs::File>, Fault> {
        lock_file(&self.home)
    }
}

/// Opens the lock file of a home. A folder that is no home is told as such, and nothing is made in it.
fn lock_file(dir: &std::path::Path) -> Result<RwLock<std::fs::File>, Fault> {
    if !dir.join(crate::config::FILE).is_file() {
        return Err(home::open(dir, None).err().map_or_else(|| Fault::Failed("the home changed".to_owned()), Fault::Config));
    }
    let path = dir.join("lock");
    let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    file.map(RwLock::new).map_err(|source| Fault::File {
        what: "open",
        path: path.display().to_string(),
        source,
        hint: "the home must be a folder that may be written",
    })
}

/// Takes the lock, waiting for a command that runs beside this one.
fn locked<'a>(lock: &'a mut RwLock<std::fs::File>) -> Result<fd_lock::RwLockWriteGuard<'a, std::fs::File>, Fault> {
    lock.write().map_err(|fault| {
        Fault::Failed(format!("the home cannot be locked: {fault}\n  see whether another program holds the file \"lock\" of the home"))
    })
}

/// Runs one command.
///
/// # Errors
/// It could not do its work; nothing is half done.
pub async fn run(cli: Cli) -> Result<End, Fault> {
    let around = Surroundings { now: cli.now, database_url: cli.database_url };
    let mut call = Call { home: cli.home, acting: cli.acting, around, mapping: None, store: OnceLock::new() };
    let end = of(&mut call, cli.verb).await;
    if let Some(store) = call.store.get() {
        // The log is folded into the database: a stopped home is one file less to move.
        store.close().await;
    }
    end
}

async fn of(call: &mut Call, verb: Verb) -> Result<End, Fault> {
    match verb {
        Verb::Demo(args) => demo::run(call, args).await,
        Verb::Init { dir } => init::run(&dir),
        Verb::Schools { verb } => schools::run(call, verb),
        Verb::Check => check::run(call),
        Verb::Connectors(json) => connectors::run(call, json).await,
        Verb::Sync(args) => sync::run(call, args).await,
        Verb::Import(args) => {
            call.mapping = args.mapping.as_ref().map(PathBuf::from).filter(|p| p.is_file());
            import::run(call, args).await
        }
        Verb::Ledger(args) => ledger::run(call, args).await,
        Verb::Quarantine { verb } => quarantine::run(call, verb).await,
        Verb::Hold { verb: HoldVerb::List(json) } => hold::list(call, json).await,
        Verb::Release { id, reason } => hold::release(call, &id, &reason).await,
        Verb::Mapping { verb } => mapping::run(call, verb),
        Verb::Schema(json) => schema::run(json),
        Verb::Child { verb } => child::run(call, verb).await,
        Verb::Review { verb } => review::run(call, verb).await,
        Verb::Worklist(args) => worklist::run(call, args).await,
        Verb::Task { verb } => task::run(call, verb).await,
        Verb::Deliver(json) => deliver::run(call, json).await,
        Verb::Outbox { verb } => outbox::run(call, verb).await,
        Verb::Agreements { verb, json } => agreements::run(call, verb, json),
        Verb::Disclosures(args) => disclosures::run(call, args).await,
        Verb::Audit { verb } => audit::run(call, verb).await,
    }
}
