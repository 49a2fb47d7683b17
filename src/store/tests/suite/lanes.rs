use chrono::TimeDelta;
use schema::{HoldReason, MessageId, TaskKind};
use store::{ChannelState, Claim, End, Settlement};

use crate::home::{now, officer, open};
use crate::post::{ELM, OAK, RUN, claim, claim_at, home, ids, put, settle, state, tamper, task, tasks, wanted};

#[tokio::test]
async fn each_message_is_claimed_by_one() {
    let home = home(40).await;
    put(&home.store, (1..=40).map(|child| wanted(OAK, child, "3 Other Street")).collect()).await;
    let other = open(home.folder.path()).await;
    let take = async |store: &store::Store, by: &'static str| {
        let mut all = Vec::new();
        loop {
            let claimed = store.claim(&Claim { by, limit: 3, ..claim_at(now()) }).await.unwrap();
            if claimed.is_empty() {
                return all;
            }
            all.extend(claimed);
        }
    };
    let (ours, theirs) = tokio::join!(take(&home.store, "run-1"), take(&other, "run-2"));
    let mut all = [ids(&ours), ids(&theirs)].concat();
    all.sort_unstable();
    assert_eq!(all, (1..=40).collect::<Vec<_>>());
    let mut numbers: Vec<u32> = ours.iter().chain(&theirs).map(|c| c.sequence).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<_>>(), "no number twice");
}

#[tokio::test]
async fn in_a_lane_one_goes_after_the_other_and_a_stuck_one_stops_only_its_own() {
    let home = home(3).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street"), wanted(ELM, 1, "3 Other Street"), wanted(OAK, 2, "4 Other Street")]).await;
    // Another purpose of the same lane, as later parts have them.
    tamper(&home, "update message set purpose = 'something-else' where id = 1").await.unwrap();
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street")]).await;
    tamper(&home, "update message set state = 'held', hold = 'release', due = null where id = 1").await.unwrap();
    assert_eq!(ids(&claim(&home.store).await), [2, 3], "M4 waits behind the held M1, others do not");
    assert_eq!(home.store.next_due().await.unwrap(), None, "nothing else comes of itself");
    tamper(&home, "update message set state = 'dead', hold = null where id = 1").await.unwrap();
    assert_eq!(home.store.next_due().await.unwrap(), Some(now()));
    assert_eq!(ids(&claim(&home.store).await), [4], "a dead one stands in nobody's way");
}

#[tokio::test]
async fn only_who_holds_the_lease_settles_and_only_the_attempt_that_runs() {
    let home = home(1).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street")]).await;
    let claimed = claim(&home.store).await.remove(0);
    let sent = || Settlement {
        message: claimed.message,
        attempt: claimed.attempt,
        end: End::Sent { collect_by: None },
        detail: String::new(),
        at: now(),
    };
    let lost = home.store.settle("run-2", vec![sent()]).await.unwrap();
    assert_eq!((lost.lost, lost.told), (vec![MessageId(1)], vec![]));
    settle(&home.store, &claimed, End::Retry { due: now() }).await;
    assert_eq!(home.store.settle(RUN, vec![sent()]).await.unwrap().lost, [MessageId(1)], "it is not leased");
    let again = claim(&home.store).await.remove(0);
    assert_eq!(again.attempt, 2);
    assert_eq!(home.store.settle(RUN, vec![sent()]).await.unwrap().lost, [MessageId(1)], "it is another attempt");
    assert_eq!(state(&home.store, 1).await, "leased");
    let twice = vec![Settlement { attempt: 2, ..sent() }, Settlement { attempt: 2, ..sent() }];
    assert_eq!(home.store.settle(RUN, twice).await.unwrap().lost, [MessageId(1)], "once");
    let tries = home.store.outbox_show(&officer(), MessageId(1)).await.unwrap().tries;
    assert_eq!(tries.iter().map(|t| t.outcome.as_deref()).collect::<Vec<_>>(), [Some("retry"), Some("sent")]);
}

#[tokio::test]
async fn what_a_run_left_behind_is_taken_up_under_the_same_attempt() {
    let home = home(2).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street"), wanted(OAK, 2, "4 Other Street")]).await;
    let first = claim(&home.store).await;
    home.store.close().await;
    let store = open(home.folder.path()).await;
    assert!(store.claim(&Claim { by: "run-2", ..claim_at(now()) }).await.unwrap().is_empty());
    let again = store.stale(&Claim { by: "run-2", ..claim_at(now()) }).await.unwrap();
    let shape = |all: &[store::Claimed]| {
        all.iter().map(|c| (c.message, c.attempt, c.sequence, c.file_name.clone(), c.sealed.digest())).collect::<Vec<_>>()
    };
    assert_eq!(shape(&again), shape(&first));
    assert_eq!(store.last_disclosure().await.unwrap().unwrap().0, 2, "nothing is disclosed anew");
    assert!(store.stale(&Claim { by: "run-2", ..claim_at(now()) }).await.unwrap().is_empty(), "it is ours now");
    let late = Settlement { message: MessageId(1), attempt: 1, end: End::Received, detail: String::new(), at: now() };
    assert_eq!(store.settle(RUN, vec![late.clone()]).await.unwrap().lost, [MessageId(1)]);
    assert!(store.settle("run-2", vec![late]).await.unwrap().lost.is_empty());
    // A lease that ran out is stale also for the run that has it, unless it was renewed.
    let later = now() + TimeDelta::seconds(61);
    assert_eq!(store.renew("run-2", later + TimeDelta::seconds(60)).await.unwrap(), 1);
    assert!(store.stale(&Claim { by: "run-2", ..claim_at(later) }).await.unwrap().is_empty());
    assert_eq!(store.stale(&Claim { by: "run-2", ..claim_at(later + TimeDelta::seconds(60)) }).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_number_is_never_given_twice_and_each_recipient_counts_for_itself() {
    let home = home(3).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street"), wanted(ELM, 1, "3 Other Street"), wanted(OAK, 2, "4 Other Street")]).await;
    let names = |all: &[store::Claimed]| all.iter().map(|c| c.file_name.clone()).collect::<Vec<_>>();
    assert_eq!(
        names(&claim(&home.store).await),
        ["852LLLL_8524001_addr0001.csv", "852LLLL_8524002_addr0001.csv", "852LLLL_8524001_addr0002.csv"]
    );
    put(&home.store, vec![wanted(OAK, 3, "5 Other Street")]).await;
    // A claim that fails before its end leaves nothing behind.
    tamper(&home, "create trigger fails before insert on attempt begin select raise(abort, 'the disk'); end").await.unwrap();
    assert!(home.store.claim(&claim_at(now())).await.is_err());
    assert_eq!((state(&home.store, 4).await.as_str(), home.store.last_disclosure().await.unwrap().unwrap().0), ("waiting", 3));
    tamper(&home, "drop trigger fails").await.unwrap();
    home.store.close().await;
    let store = open(home.folder.path()).await;
    assert_eq!(names(&claim(&store).await), ["852LLLL_8524001_addr0003.csv"]);
}

#[tokio::test]
async fn channels_that_rest_are_left_alone_and_tried_with_one() {
    let home = home(3).await;
    put(&home.store, vec![wanted(OAK, 1, "a"), wanted(OAK, 2, "b"), wanted(ELM, 3, "c")]).await;
    let (oak, elm) = (["folder:8524001".to_owned()], ["folder:8524002".to_owned()]);
    assert!(home.store.claim(&Claim { shut: &[oak[0].clone(), elm[0].clone()], ..claim_at(now()) }).await.unwrap().is_empty());
    let one = home.store.claim(&Claim { shut: &elm, few: &[(oak[0].clone(), 1)], ..claim_at(now()) }).await.unwrap();
    assert_eq!(ids(&one), [1]);
    // The other goes to its next channel; a message on its last one stays.
    assert_eq!(home.store.pass_over("folder:8524001", now()).await.unwrap(), 1);
    assert_eq!(home.store.pass_over("email", now()).await.unwrap(), 0);
    let next = home.store.claim(&Claim { shut: &elm, ..claim_at(now()) }).await.unwrap();
    assert_eq!(next.iter().map(|c| (c.message.0, c.channel, c.tried_on_channel)).collect::<Vec<_>>(), [(2, 1, 1)]);
    let rests = ChannelState { route: "email".to_owned(), failures: 5, open_until: Some(now()) };
    home.store.set_channel_state(&rests).await.unwrap();
    home.store.set_channel_state(&ChannelState { failures: 6, ..rests.clone() }).await.unwrap();
    assert_eq!(home.store.channel_states().await.unwrap(), [ChannelState { failures: 6, ..rests }]);
}

#[tokio::test]
async fn after_the_last_channel_a_person_is_asked() {
    let home = home(1).await;
    put(&home.store, vec![wanted(OAK, 1, "a")]).await;
    let folder = claim(&home.store).await.remove(0);
    settle(&home.store, &folder, End::NextChannel { due: now() }).await;
    let mail = claim(&home.store).await.remove(0);
    assert_eq!((mail.channel, mail.attempt, mail.tried_on_channel, mail.file_name.clone()), (1, 2, 1, folder.file_name));
    assert_eq!(home.store.outbox_list(&officer()).await.unwrap()[0].channel.as_deref(), Some("email"));
    settle(&home.store, &mail, End::NextChannel { due: now() }).await;
    assert_eq!(state(&home.store, 1).await, "dead");
    assert_eq!(tasks(&home.store).await, [("undelivered".to_owned(), "open".to_owned(), Some(1))]);
    assert_eq!(home.store.last_disclosure().await.unwrap().unwrap().0, 1, "one message, one disclosure");
}

#[tokio::test]
async fn what_may_have_arrived_is_sent_again_when_it_is_due_unless_it_was_overtaken() {
    let home = home(2).await;
    put(&home.store, vec![wanted(OAK, 1, "a"), wanted(OAK, 2, "a")]).await;
    for claimed in claim(&home.store).await {
        let ask = task(TaskKind::OutcomeUnknown, &format!("outcome-unknown/{}", claimed.message));
        settle(&home.store, &claimed, End::Unknown { resend_due: Some(now() + TimeDelta::hours(1)), task: Some(ask) }).await;
    }
    put(&home.store, vec![wanted(OAK, 2, "b")]).await;
    assert!(claim(&home.store).await.is_empty(), "the newer one waits behind it");
    let mut later = home.store.claim(&claim_at(now() + TimeDelta::hours(1))).await.unwrap();
    later.sort_by_key(|c| c.message);
    assert_eq!(later.iter().map(|c| (c.message.0, c.attempt)).collect::<Vec<_>>(), [(1, 2), (3, 1)]);
    assert_eq!(state(&home.store, 2).await, "cancelled");
    settle(&home.store, &later[0], End::Hold(HoldReason::OutcomeUnknown, task(TaskKind::OutcomeUnknown, "outcome-unknown/M1"))).await;
    let kinds = tasks(&home.store).await;
    assert_eq!(kinds.iter().map(|t| (t.1.as_str(), t.2)).collect::<Vec<_>>(), [("open", Some(1)), ("done", Some(2))]);
}

#[tokio::test]
async fn a_file_that_is_not_collected_is_a_task_until_it_is() {
    let home = home(2).await;
    put(&home.store, vec![wanted(OAK, 1, "a"), wanted(ELM, 2, "a")]).await;
    let claimed = claim(&home.store).await;
    settle(&home.store, &claimed[0], End::Sent { collect_by: None }).await;
    settle(&home.store, &claimed[1], End::Sent { collect_by: Some(now()) }).await;
    let lie = home.store.uncollected().await.unwrap();
    assert_eq!(
        lie.iter().map(|u| (u.message.0, u.collect_by, u.channel, u.alerted)).collect::<Vec<_>>(),
        [(2, Some(now()), 0, false), (1, None, 0, false)]
    );
    for _ in 0..2 {
        home.store.alert_uncollected(MessageId(2), task(TaskKind::NotCollected, "not-collected/M2"), now()).await.unwrap();
    }
    assert!(home.store.uncollected().await.unwrap()[0].alerted);
    assert_eq!(tasks(&home.store).await, [("not-collected".to_owned(), "open".to_owned(), Some(2))]);
    home.store.collected(vec![MessageId(2)], now()).await.unwrap();
    assert_eq!((state(&home.store, 2).await.as_str(), tasks(&home.store).await[0].1.as_str()), ("received", "done"));
    assert_eq!(home.store.uncollected().await.unwrap().len(), 1);
}
