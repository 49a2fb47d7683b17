//! The words of the command line. Names and options are promises: README lists them.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};

/// Finds children missing education: connectors bring in what schools, the council and its partners know; rules say who is on no roll.
#[derive(Debug, Parser)]
#[command(name = "onroll", version, propagate_version = true)]
pub struct Cli {
    /// The home: the folder that `init` or `demo` made.
    #[arg(long, global = true, env = "ONROLL_HOME", default_value = ".", value_name = "DIR")]
    pub home: PathBuf,
    /// Who acts: a name in [people] of onroll.toml. Without it the login name.
    #[arg(long = "as", global = true, env = "ONROLL_USER", value_name = "NAME")]
    pub acting: Option<String>,
    /// The hub's clock, for tests and demonstrations (RFC 3339).
    #[arg(long = "onroll-now", env = "ONROLL_NOW", hide = true, global = true)]
    pub now: Option<String>,
    /// Where the database is, instead of database.url.
    #[arg(long = "onroll-database-url", env = "ONROLL_DATABASE_URL", hide = true, global = true)]
    pub database_url: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make a synthetic council, run a night, and print what it found.
    Demo(DemoArgs),
    /// Write a working config to start from, in a new or empty folder.
    Init {
        /// The folder.
        dir: PathBuf,
    },
    /// Schools of the authority and its neighbours.
    Schools {
        /// What to do.
        #[command(subcommand)]
        verb: SchoolsVerb,
    },
    /// Check config, mappings, agreements and calendar: every fault with file, line, column and a hint.
    Check,
    /// List the connectors.
    Connectors(Json),
    /// Run the inbound syncs now: take what lies in the drop folders, then link, check, share and deliver.
    Sync(SyncArgs),
    /// Bring files in by hand through a connector, then link, check and share as in a night.
    Import(ImportArgs),
    /// Show that nothing was lost: read = accepted + unchanged + quarantined + rejected, per payload and in all.
    Ledger(LedgerArgs),
    /// Rows that wait for a person.
    Quarantine {
        /// What to do.
        #[command(subcommand)]
        verb: QuarantineVerb,
    },
    /// Snapshots and messages that wait for a person's word.
    Hold {
        /// What to do.
        #[command(subcommand)]
        verb: HoldVerb,
    },
    /// Let a held snapshot end what it no longer has, or a held message go.
    Release {
        /// The payload (P3) or message (M7), as `hold list` names it.
        #[arg(value_name = "PAYLOAD|MESSAGE")]
        id: String,
        /// Why; it stands in the history.
        #[arg(long)]
        reason: String,
    },
    /// Mapping files.
    Mapping {
        /// What to do.
        #[command(subcommand)]
        verb: MappingVerb,
    },
    /// Print the common schema as JSON Schema 2020-12.
    Schema(Json),
    /// Children.
    Child {
        /// What to do.
        #[command(subcommand)]
        verb: ChildVerb,
    },
    /// Links that wait for a person.
    Review {
        /// What to do.
        #[command(subcommand)]
        verb: ReviewVerb,
    },
    /// Findings, the most urgent first.
    Worklist(WorklistArgs),
    /// What only a person can do, each with its cause and due date.
    Task {
        /// What to do.
        #[command(subcommand)]
        verb: TaskVerb,
    },
    /// Send what is due, by the best channel that works.
    Deliver(Json),
    /// Messages: what waits, what was sent, what no channel took.
    Outbox {
        /// What to do.
        #[command(subcommand)]
        verb: OutboxVerb,
    },
    /// Who may be told what, under which agreement.
    Agreements {
        /// What to do; without it, list them.
        #[command(subcommand)]
        verb: Option<AgreementsVerb>,
        /// Print one JSON document on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Who was told what, when, why, and under which basis.
    Disclosures(DisclosuresArgs),
    /// The tamper-evident log of disclosures.
    Audit {
        /// What to do.
        #[command(subcommand)]
        verb: AuditVerb,
    },
}

/// `--json`.
#[derive(Debug, Clone, Copy, Args)]
pub struct Json {
    /// Print one JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// One thing.
#[derive(Debug, Args)]
pub struct OneArgs {
    /// Its id, as the list names it.
    pub id: String,
    /// Print one JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// A decision about one thing.
#[derive(Debug, Args)]
pub struct DecisionArgs {
    /// Its id, as the list names it.
    pub id: String,
    /// Why, or what was done; it stands in the history.
    #[arg(long)]
    pub reason: String,
    /// Print one JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where to make the demonstration's home; what an earlier demonstration left there is replaced.
    #[arg(long, default_value = "onroll-demo", value_name = "DIR")]
    pub dir: PathBuf,
    /// How many children.
    #[arg(long, default_value_t = 40_000, value_parser = clap::value_parser!(u32).range(200..=2_000_000))]
    pub children: u32,
    /// Same seed, same council.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many errors the records have: 0 = none, 1 = usual.
    #[arg(long, default_value_t = 1.0, value_parser = noise)]
    pub noise: f64,
    /// End after the night. Always so until the console is there.
    #[arg(long)]
    pub no_serve: bool,
    /// Print one JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

fn noise(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|n| (0.0..=10.0).contains(n)).ok_or_else(|| "a number from 0 to 10".to_owned())
}

/// `schools ...`.
#[derive(Debug, Subcommand)]
pub enum SchoolsVerb {
    /// Write schools.csv from the national download of Get Information about Schools.
    Import {
        /// The download of all establishment fields.
        gias: PathBuf,
        /// The download of links: numbers of schools that were converted or merged go on as their successor's.
        #[arg(long, value_name = "LINKS.csv")]
        links: Option<PathBuf>,
    },
}

/// Options of `sync`.
#[derive(Debug, Args)]
pub struct SyncArgs {
    /// Connectors or sources; without one, all.
    pub names: Vec<String>,
    /// All sources.
    #[arg(long, conflicts_with = "names")]
    pub all: bool,
    /// Exit with 3 if some records need attention.
    #[arg(long)]
    pub strict: bool,
    /// Print one JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// Options of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The connector: sims, capita-one, lists.
    pub connector: String,
    /// The files.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The source the files are from.
    #[arg(long)]
    pub source: Option<String>,
    /// The day the files tell of.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<NaiveDate>,
    /// The files are complete: who is not in them is gone.
    #[arg(long, conflicts_with = "partial")]
    pub complete: bool,
    /// The files are not complete.
    #[arg(long)]
    pub partial: bool,
    /// The mapping: an id (lists/health) or a path.
    #[arg(long)]
    pub mapping: Option<String>,
    /// Write nothing; show what would change, child by child.
    #[arg(long)]
    pub dry_run: bool,
    /// Exit with 3 if some records need attention.
    #[arg(long)]
    pub strict: bool,
    /// Print one JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// Options of `ledger`.
#[derive(Debug, Args)]
pub struct LedgerArgs {
    /// One payload.
    #[arg(long)]
    pub payload: Option<String>,
    /// The fate of one row of it.
    #[arg(long, requires = "payload")]
    pub row: Option<u64>,
    /// Print one JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// `quarantine ...`.
#[derive(Debug, Subcommand)]
pub enum QuarantineVerb {
    /// List the rows that wait.
    List(Json),
    /// Show one row with its raw values.
    Show(OneArgs),
    /// Put values of a row right; the fix is applied again on every replay and to tomorrow's file.
    Fix {
        /// The item.
        id: String,
        /// COLUMN=VALUE, the column as the file names it.
        #[arg(required = true, value_name = "COLUMN=VALUE")]
        values: Vec<String>,
        /// Why; it stands in the history.
        #[arg(long)]
        reason: String,
        /// Print one JSON document on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Refuse a row.
    Reject(DecisionArgs),
}

/// `hold ...`.
#[derive(Debug, Subcommand)]
pub enum HoldVerb {
    /// List what waits.
    List(Json),
}

/// `mapping ...`.
#[derive(Debug, Subcommand)]
pub enum MappingVerb {
    /// Run the cases beside the mappings.
    Test {
        /// A mapping's id (sims/pupils) or path; without it, all.
        path: Option<String>,
    },
}

/// `child ...`.
#[derive(Debug, Subcommand)]
pub enum ChildVerb {
    /// Find children.
    Find {
        /// Unique pupil number.
        #[arg(long)]
        upn: Option<String>,
        /// Any words of any name; accents and case do not matter.
        #[arg(long)]
        name: Option<String>,
        /// Date of birth.
        #[arg(long)]
        dob: Option<NaiveDate>,
        /// Print one JSON document on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Show every source's view of a child, and where each value comes from.
    Show(OneArgs),
    /// The timeline of a child, newest first.
    History(OneArgs),
    /// Let nothing about a child be sent without a person: protected address, adoption, custody.
    Restrict(DecisionArgs),
    /// Take a person's restriction back.
    Unrestrict(DecisionArgs),
    /// Why a record was joined to its child.
    Explain {
        /// The record.
        record: String,
        /// Print one JSON document on stdout.
        #[arg(long)]
        json: bool,
    },
}

/// `review ...`.
#[derive(Debug, Subcommand)]
pub enum ReviewVerb {
    /// List the links that wait.
    List(Json),
    /// They are the same child.
    Same(ReviewArgs),
    /// They are different children.
    Different(ReviewArgs),
    /// Take a decision back.
    Undo(ReviewArgs),
}

/// A review and why.
#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// The review, as `review list` names it.
    pub id: String,
    /// Why; it stands in the history.
    #[arg(long, default_value = "")]
    pub reason: String,
    /// Print one JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// Options of `worklist`.
#[derive(Debug, Args)]
pub struct WorklistArgs {
    /// Only findings of this rule.
    #[arg(long)]
    pub rule: Option<String>,
    /// As of this day, from what is known now.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<NaiveDate>,
    /// Print one JSON document per line on stdout.
    #[arg(long)]
    pub json: bool,
}

/// `task ...`.
#[derive(Debug, Subcommand)]
pub enum TaskVerb {
    /// List the open tasks, the most urgent first.
    List {
        /// Those that are done, too.
        #[arg(long)]
        all: bool,
        /// Print one JSON document on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Show one task.
    Show(OneArgs),
    /// Note that a task is done.
    Done(DecisionArgs),
}

/// `outbox ...`.
#[derive(Debug, Subcommand)]
pub enum OutboxVerb {
    /// List the messages that have not arrived; with --all, every message.
    List {
        /// Those that were sent, received or cancelled, too.
        #[arg(long)]
        all: bool,
        /// Only messages in this state.
        #[arg(long)]
        state: Option<String>,
        /// Print one JSON document on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Show one message with its attempts.
    Show(OneArgs),
    /// Have a message sent again that no channel took, or of which it is not known whether it arrived.
    Retry(OneArgs),
    /// Take a message back that has not left.
    Cancel(DecisionArgs),
}

/// `agreements ...`.
#[derive(Debug, Subcommand)]
pub enum AgreementsVerb {
    /// Check them: every fault with file, line, column and a hint; also those that have expired.
    Check(Json),
    /// Show one: parties, channels, and the exact fields of each purpose.
    Show {
        /// The recipient: a school's LAESTAB.
        partner: String,
        /// Print one JSON document on stdout.
        #[arg(long)]
        json: bool,
    },
}

/// Options of `disclosures`.
#[derive(Debug, Args)]
pub struct DisclosuresArgs {
    /// Of one child.
    #[arg(long)]
    pub child: Option<String>,
    /// To one recipient.
    #[arg(long, value_name = "P")]
    pub partner: Option<String>,
    /// Print one JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// `audit ...`.
#[derive(Debug, Subcommand)]
pub enum AuditVerb {
    /// Check the log against itself and its signed heads; names the first altered, missing, reordered or forged entry.
    Verify(Json),
    /// Write what an auditor needs to verify the log without Onroll.
    Export {
        /// A new or empty folder, or one with an earlier export; without it, audit-export in the home.
        dir: Option<PathBuf>,
    },
}
