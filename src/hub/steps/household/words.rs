//! The task of a change of address of which it cannot be said who moved, in words that can be acted on.

use chrono::NaiveDate;
use schema::{ChangeId, NewTask, Role, RowId, TaskKind};
use store::HouseholdChange;

use crate::steps::movers::cause;

const AGAIN: &str = "Send the change again with forename, surname and birth date of each child who moved";

/// The key of the task: a change has one.
pub(super) fn key(change: ChangeId) -> String {
    format!("{}/{change}", TaskKind::WhoMoved.as_str())
}

/// The task. `living`: so many children live at the old address, more than one household has.
pub(super) fn task(change: &HouseholdChange, living: Option<usize>, due: NaiveDate) -> NewTask {
    NewTask {
        kind: TaskKind::WhoMoved,
        key: key(change.id),
        child: None,
        recipient: None,
        owner: Role::Officer,
        due,
        words: words(change, living),
    }
}

fn words(change: &HouseholdChange, living: Option<usize>) -> String {
    let row = RowId { payload: change.payload, row: change.row };
    let what = if change.reference.is_empty() {
        "A change of address".to_owned()
    } else {
        format!("Change of address {}", short(&change.reference))
    };
    let again = match change.cause.as_str() {
        cause::NO_DATE => "Send the change again with the day of the move (moved_on)",
        cause::NO_ADDRESS => "Send the change again with postcode or property number of the new address",
        cause::NO_OLD_ADDRESS => "Send the change again with the whole old address or its property number, or with the children who moved",
        cause::UNKNOWN_CHILD => {
            "Check name and birth date and send the change again, or see to it that the child's record comes from its school or service"
        }
        _ => AGAIN,
    };
    format!("{what} (row {row}): {}. {again}; or note what was done with onroll task done TASK --reason TEXT", why(&change.cause, living))
}

fn why(cause: &str, living: Option<usize>) -> String {
    if let Some(living) = living {
        return format!("it names nobody, and {living} children live at the old address");
    }
    match cause {
        cause::ONLY_ADULTS => "only adults are named",
        cause::NO_BIRTH_DATE => "a person is named without a birth date that can be read",
        cause::NO_NAME => "a child is given without forename or surname",
        cause::NO_DATE => "the day of the move is missing or is no date",
        cause::NO_ADDRESS => "the new address has neither postcode nor property number",
        cause::NO_OLD_ADDRESS => "it names nobody, and the old address does not say which house or flat was left",
        cause::UNKNOWN_CHILD => "it names no child known here",
        _ => "it names nobody, and no child known here lived at the old address on the day before",
    }
    .to_owned()
}

/// A reference is the sender's own text: only its start is repeated.
fn short(reference: &str) -> String {
    reference.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use schema::{PayloadId, StreamId};

    use super::*;

    fn change(cause: &str) -> HouseholdChange {
        HouseholdChange {
            id: ChangeId(12),
            stream: StreamId(1),
            payload: PayloadId(3),
            row: 17,
            key: "H-7".to_owned(),
            reference: "H-7".to_owned(),
            cause: cause.to_owned(),
            body: "{\"name\":{\"surname\":\"Example\"}}".to_owned(),
        }
    }

    #[test]
    fn a_task_says_which_change_why_and_what_to_do_and_no_name() {
        let due = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
        for cause in [
            cause::NOBODY_NAMED,
            cause::ONLY_ADULTS,
            cause::NO_BIRTH_DATE,
            cause::NO_NAME,
            cause::NO_DATE,
            cause::NO_ADDRESS,
            cause::NO_OLD_ADDRESS,
            cause::UNKNOWN_CHILD,
        ] {
            let task = task(&change(cause), None, due);
            assert_eq!(task.key, "who-moved/H12");
            assert!(task.words.starts_with("Change of address H-7 (row P3:17): ") && task.words.contains("task done"), "{}", task.words);
            assert!(!task.words.contains("Example"));
        }
        assert!(task(&change(cause::NOBODY_NAMED), Some(30), due).words.contains("30 children"));
    }
}
