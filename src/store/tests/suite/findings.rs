use schema::{ChildId, Finding, FindingId, Grade, RecordId};
use store::{FindingChanges, Which};

use crate::home::{Home, day, now, officer};

fn finding(child: i64, rule: &str, grade: Option<Grade>, priority: u8) -> Finding {
    Finding {
        rule: rule.to_owned(),
        child: ChildId(child),
        grade,
        reason: None,
        priority,
        factors: vec!["police".to_owned()],
        since: day("2026-09-03"),
        due: Some(day("2026-11-20")),
        owner: "officer".to_owned(),
        evidence: vec![RecordId(child)],
        summary: "On no roll.".to_owned(),
    }
}

#[tokio::test]
async fn findings_open_change_close_and_keep_their_history() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    home.load(stream, day("2026-11-22"), &["1", "2"]).await;
    assert_eq!(home.store.last_check().await.unwrap(), None);
    let first = finding(1, "no-provision", Some(Grade::Probable), 3);
    let other = finding(2, "residence-unknown", None, 2);
    let changes = FindingChanges { open: vec![first.clone(), other.clone()], ..FindingChanges::default() };
    home.store.settle_findings(changes, true, day("2026-11-22"), now()).await.unwrap();
    let open = home.store.open_findings(&Which::All).await.unwrap();
    assert_eq!(open, [(FindingId(1), first.clone()), (FindingId(2), other)]);
    assert_eq!(home.store.open_findings(&Which::These(vec![ChildId(1)])).await.unwrap(), [(FindingId(1), first.clone())]);

    let worse = Finding { grade: Some(Grade::Missing), priority: 1, ..first.clone() };
    let changes = FindingChanges { update: vec![(FindingId(1), worse.clone())], close: vec![FindingId(2)], ..FindingChanges::default() };
    home.store.settle_findings(changes, true, day("2026-11-23"), now()).await.unwrap();
    assert_eq!(home.store.open_findings(&Which::All).await.unwrap(), [(FindingId(1), worse.clone())]);

    // Closing and opening the same rule of the same child in one check.
    let changes = FindingChanges { open: vec![first.clone()], close: vec![FindingId(1)], ..FindingChanges::default() };
    home.store.settle_findings(changes, true, day("2026-11-24"), now()).await.unwrap();
    assert_eq!(home.store.open_findings(&Which::All).await.unwrap(), [(FindingId(3), first)]);
    home.store.settle_findings(FindingChanges::default(), false, day("2026-11-25"), now()).await.unwrap();
    assert_eq!(home.store.last_check().await.unwrap(), Some(day("2026-11-24")), "a look at a few children is no check of the day");
    let history = home.store.child_history(&officer(), ChildId(1)).await.unwrap();
    let kinds: Vec<&str> = history.iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(kinds, ["finding-opened", "finding-closed", "finding-changed", "finding-opened", "told"]);
    assert_eq!(history[2].detail.as_deref(), Some("missing"));
}

#[tokio::test]
async fn two_open_findings_of_one_rule_and_child_are_refused_and_nothing_is_stored() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    home.load(stream, day("2026-11-22"), &["1"]).await;
    let twice = vec![finding(1, "no-provision", None, 3), finding(1, "no-provision", None, 3)];
    let changes = FindingChanges { open: twice, ..FindingChanges::default() };
    assert!(home.store.settle_findings(changes, true, day("2026-11-22"), now()).await.is_err());
    assert!(home.store.open_findings(&Which::All).await.unwrap().is_empty());
    assert_eq!(home.store.last_check().await.unwrap(), None);
}

#[tokio::test]
async fn the_worklist_begins_with_the_most_urgent() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    home.load(stream, day("2026-11-22"), &["1", "2", "3", "4"]).await;
    let open = vec![
        finding(1, "no-provision", Some(Grade::Explained), 2),
        finding(2, "no-provision", Some(Grade::Missing), 2),
        finding(3, "leaver-without-ground", None, 2),
        finding(4, "no-provision", Some(Grade::Probable), 1),
    ];
    home.store.settle_findings(FindingChanges { open, ..FindingChanges::default() }, true, day("2026-11-22"), now()).await.unwrap();
    let list = home.store.worklist(&officer(), None, day("2026-11-21")).await.unwrap();
    assert_eq!(list.iter().map(|i| i.finding.child.0).collect::<Vec<_>>(), [4, 2, 1, 3]);
    assert!(list.iter().all(|i| i.overdue));
    let one = home.store.worklist(&officer(), Some("leaver-without-ground"), day("2026-11-20")).await.unwrap();
    assert_eq!((one.len(), one[0].overdue), (1, false), "due today is not overdue");
    let json = serde_json::to_value(&one[0]).unwrap();
    for member in ["rule", "child", "grade", "reason", "priority", "factors", "since", "due", "overdue", "owner", "evidence", "summary"] {
        assert!(json.get(member).is_some(), "{member}");
    }
    let totals = home.store.totals().await.unwrap();
    assert_eq!(totals.findings.iter().map(|f| f.count).sum::<u64>(), 4);
}
