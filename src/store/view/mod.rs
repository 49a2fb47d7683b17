//! What people read: documents in the shapes of the command line, for whoever may see them.
//!
//! A person bound to a school sees that school's children and files only; what is not theirs is as if it were not there.

mod child;
mod disclosure;
mod history;
mod ledger;
mod outbox;
mod task;
mod totals;
mod waiting;
mod worklist;

pub use child::{ChildFound, ChildQuery, ChildShown, ShownRecord};
pub use disclosure::{Disclosure, Told};
pub use history::{Decision, Explained, HistoryEntry};
pub use ledger::{Ledger, LedgerPayload, RowFate};
pub use outbox::{OutboxDetail, OutboxItem, OutboxTry};
pub use task::TaskItem;
pub use totals::{FindingTotal, Totals};
pub use waiting::{HeldItem, HeldMessage, HeldSnapshot, QuarantineDetail, QuarantineItem, ReviewItem};
pub use worklist::{WorkItem, most_urgent_first};

use schema::{Role, Viewer};

/// What a viewer may see, as a parameter of the statements: every school's, or one school's.
fn scope(viewer: &Viewer) -> String {
    match (viewer.school, viewer.role) {
        (Some(school), _) => school.to_string(),
        // A school's person who is bound to no school sees none.
        (None, Role::School) => String::new(),
        (None, _) => EVERY.to_owned(),
    }
}

/// Stands for every school.
const EVERY: &str = "*";

/// Continues a `where` over `child c`; the scope is `$1`.
const SEES_CHILD: &str = " ($1 = '*' or exists (select 1 from record sr join stream ss on ss.id = sr.stream
    where sr.child = c.id and sr.state < 2 and ss.laestab = $1)) ";

/// Whether sharing is restricted, over `child c`: by a source or by a person.
const RESTRICTED: &str = " (c.restricted = 1 or exists (select 1 from restriction r where r.child_now = c.id and r.lifted_at is null)) ";

/// Continues a `where` over `payload p`; the scope is `$1`.
const SEES_PAYLOAD: &str = " ($1 = '*' or exists (select 1 from stream ss where ss.source = p.source and ss.laestab = $1)) ";
