//! Stories of what an outcome becomes, and what holds for all of them.

use chrono::TimeZone;
use proptest::prelude::*;
use schema::{Address, ChildId, Postcode, Record};
use sharing::{Agreements, Subject, seal};

use super::*;

const PATIENCE: Patience = Patience { attempts_per_channel: 6, backoff: Backoff { first: 60, longest: 14_400 } };

/// Tuesday evening.
fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 24, 20, 0, 0).unwrap()
}

fn sealed(channels: usize, on_unknown: &str) -> Sealed {
    let folder = "[[channel]]\nkind = \"folder\"\ncollect_within_hours = 72\n";
    let email = "[[channel]]\nkind = \"email\"\nto = \"office@oakwood.example\"\ncontent = \"attachment\"\n";
    let channels: String = [folder, email, email].iter().take(channels).copied().collect();
    let text = format!(
        "recipient = \"8524001\"\nname = \"Oakwood Primary School\"\nversion = \"2026-1\"\nin_force = true\nfrom = 2026-09-01\nuntil = \
         2027-08-31\nreview = 2027-06-01\n[[contact]]\nname = \"Head of office\"\nemail = \
         \"office@oakwood.example\"\n{channels}[purpose.address-change]\nbasis = \"Education Act 1996 s436A\"\nfields = [\"name.surname\", \
         \"address.postcode\"]\ndirection = \"out\"\nrelease = \"automatic\"\non_unknown = \"{on_unknown}\"\n"
    );
    let agreements = Agreements::parse(&[("agreements/8524001.toml".to_owned(), text)]).unwrap();
    let mut best = Record::default();
    best.name.surname = "Example".to_owned();
    let address = Address { postcode: Postcode::parse("SO14 0AA").ok(), ..Address::default() };
    let subject = Subject { child: ChildId(12), restricted: false, best: &best, address: &address, change: &Default::default() };
    seal(&agreements, "8524001", Purpose::AddressChange, &subject, now().date_naive()).unwrap()
}

fn tried(sealed: &Sealed, channel: usize, tries: u32) -> Tried<'_> {
    Tried { message: MessageId(7), sealed, channel, tries, interrupted: false }
}

fn end(outcome: &Outcome, tried: &Tried<'_>) -> End {
    plan(outcome, tried, PATIENCE, &Jitter::seeded(1), now()).0
}

fn retry() -> Outcome {
    Outcome::Retry { reason: "connection refused".to_owned() }
}

fn unknown() -> Outcome {
    Outcome::Unknown { reason: "no answer after the content".to_owned() }
}

#[test]
fn a_file_must_be_collected_within_the_hours_of_the_agreement() {
    let sealed = sealed(2, "resend");
    let sent = Outcome::Sent { detail: "out/8524001".to_owned() };
    assert!(matches!(end(&sent, &tried(&sealed, 0, 1)), End::Sent { collect_by: Some(by) } if by == now() + TimeDelta::hours(72)));
    assert!(matches!(end(&sent, &tried(&sealed, 1, 1)), End::Sent { collect_by: None }));
}

#[test]
fn a_failure_is_tried_again_and_in_the_end_the_next_channel_is_taken() {
    let sealed = sealed(2, "resend");
    assert!(matches!(end(&retry(), &tried(&sealed, 0, 5)), End::Retry { due } if due > now()));
    assert!(matches!(end(&retry(), &tried(&sealed, 0, 6)), End::NextChannel { due } if due == now()));
}

#[test]
fn a_refusal_goes_to_the_next_channel_at_once() {
    let sealed = sealed(2, "resend");
    let refused = Outcome::Refused { reason: "550 no such mailbox".to_owned() };
    assert!(matches!(end(&refused, &tried(&sealed, 0, 1)), End::NextChannel { .. }));
}

#[test]
fn after_the_last_channel_a_person_gets_a_task_to_act_on() {
    let sealed = sealed(2, "resend");
    let End::Dead(task) = end(&retry(), &tried(&sealed, 1, 6)) else { panic!("not dead") };
    assert_eq!(
        task.words,
        "The address change of child C12 could not be delivered to 8524001 by folder, email: connection refused. Tell the school by \
         telephone, or mend the channel and run: onroll outbox retry M7"
    );
    assert_eq!((task.kind, task.key.as_str(), task.owner), (TaskKind::Undelivered, "undelivered/M7", Role::Officer));
    assert_eq!(task.due.to_string(), "2026-11-25");
}

#[test]
fn a_task_of_a_friday_is_due_on_monday() {
    for friday_to_sunday in ["2026-11-27", "2026-11-28", "2026-11-29"] {
        assert_eq!(next_weekday(friday_to_sunday.parse().unwrap()).to_string(), "2026-11-30");
    }
    assert_eq!(next_weekday("2026-11-26".parse().unwrap()).to_string(), "2026-11-27");
}

#[test]
fn an_unknown_outcome_does_what_the_agreement_says() {
    let resend = sealed(2, "resend");
    assert!(matches!(end(&unknown(), &tried(&resend, 1, 1)), End::Unknown { resend_due: Some(due), task: None } if due > now()));
    let hold = sealed(2, "hold");
    let End::Hold(HoldReason::OutcomeUnknown, task) = end(&unknown(), &tried(&hold, 1, 1)) else { panic!("not held") };
    assert!(task.words.contains("8524001 by email") && task.words.contains("onroll release M7"), "{}", task.words);
}

#[test]
fn what_stays_unknown_is_not_sent_for_ever() {
    let resend = sealed(2, "resend");
    assert!(matches!(end(&unknown(), &tried(&resend, 0, 6)), End::NextChannel { .. }));
    assert!(matches!(end(&unknown(), &tried(&resend, 1, 6)), End::Hold(HoldReason::OutcomeUnknown, _)));
}

#[test]
fn a_try_that_a_stopped_run_left_is_made_good_at_once() {
    let sealed = sealed(2, "resend");
    let left = Tried { interrupted: true, ..tried(&sealed, 0, 30) };
    assert!(matches!(end(&retry(), &left), End::Retry { due } if due == now()));
    assert!(matches!(end(&unknown(), &left), End::Unknown { resend_due: Some(due), .. } if due == now()));
    let each_time = Tried { interrupted: true, ..tried(&sealed, 1, 100) };
    assert!(matches!(end(&unknown(), &each_time), End::Hold(..)));
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    let words = "[a-z ]{0,20}";
    prop_oneof![
        words.prop_map(|detail| Outcome::Sent { detail }),
        words.prop_map(|reason| Outcome::Retry { reason }),
        words.prop_map(|reason| Outcome::Refused { reason }),
        words.prop_map(|reason| Outcome::Unknown { reason }),
    ]
}

proptest! {
    #[test]
    fn no_outcome_is_lost_and_none_is_better_than_it_was(
        outcome in outcomes(),
        channels in 1_usize..4,
        channel in 0_usize..5,
        tries in 0_u32..120,
        interrupted in any::<bool>(),
        hold in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let sealed = sealed(channels, if hold { "hold" } else { "resend" });
        let tried = Tried { message: MessageId(7), sealed: &sealed, channel, tries, interrupted };
        let (end, detail) = plan(&outcome, &tried, PATIENCE, &Jitter::seeded(seed), now());
        let is_last = channel + 1 >= channels;
        let most = if interrupted { 100 } else { 6 };
        let was = match outcome {
            Outcome::Sent { .. } => "sent",
            Outcome::Retry { .. } => "retry",
            Outcome::Refused { .. } => "refused",
            Outcome::Unknown { .. } => "unknown",
        };
        match &end {
            // Sent only after the channel said so, and then always.
            End::Sent { .. } => prop_assert!(was == "sent"),
            End::Received => prop_assert!(false, "no channel says so yet"),
            End::Retry { due } => {
                prop_assert!(was == "retry");
                prop_assert!(tries < most && (interrupted || *due > now()) && *due <= now() + TimeDelta::seconds(14_400));
            }
            End::NextChannel { .. } => prop_assert!(!is_last && was != "sent"),
            // A person is asked, in words, before anything is given up; and never while a channel is left.
            End::Dead(task) => {
                prop_assert!(is_last && ["retry", "refused"].contains(&was));
                prop_assert!(task.words.contains("onroll outbox retry M7"));
            }
            End::Hold(reason, task) => {
                prop_assert!(was == "unknown" && *reason == HoldReason::OutcomeUnknown);
                prop_assert!((hold || is_last) && task.words.contains("onroll release M7"));
            }
            // Sent again only where the agreement allows that it arrives twice.
            End::Unknown { resend_due, task } => {
                prop_assert!(was == "unknown" && !hold && task.is_none() && tries < most);
                prop_assert!(resend_due.is_some_and(|due| due <= now() + TimeDelta::seconds(14_400)));
            }
        }
        let (Outcome::Sent { detail: words }
        | Outcome::Retry { reason: words }
        | Outcome::Refused { reason: words }
        | Outcome::Unknown { reason: words }) = &outcome;
        prop_assert_eq!(words, &detail);
    }
}
