//! The main stories of the rules, told by files and read from the worklist, with the hub's clock on the days that matter.

use acceptance::{HEALTH, Home, LEAVERS, ONE, PUPILS, Person, SCHOOL};
use serde_json::Value;

const SCHOOLS: &str = "laestab,urn,name,phase,la,mis,lowest_year,highest_year,channel,link_ewo,list_outstanding
8524001,,Oakwood,secondary,852,SIMS,7,11,,,
8524002,,Elmwood,secondary,852,SIMS,7,11,,,
";
const OUTSTANDING: &str = "8504001,,Hillside,secondary,850,,7,11,,,yes\n";

/// A child and the home in which files tell of it.
struct Story {
    home: Home,
    child: Person,
}

impl Story {
    fn new(schools: &str) -> Story {
        let home = Home::new(SCHOOL);
        home.write("schools.csv", &(SCHOOLS.to_owned() + schools));
        Story { home, child: Person::of(5) }
    }

    /// A child of whom Child Health and the education database know, on no roll.
    fn of_nobodys_roll() -> Story {
        let story = Story::new("");
        story.health().one();
        story
    }

    #[track_caller]
    fn list(&self, source: &str, text: &str) -> &Story {
        let file = self.home.file(&format!("{source}_2026-11-20.csv"), text);
        self.home.run(&["import", "lists", "--source", source, file.to_str().unwrap()]).expect(0);
        self
    }

    #[track_caller]
    fn health(&self) -> &Story {
        self.list("health", &(HEALTH.to_owned() + &self.child.health()))
    }

    #[track_caller]
    fn one(&self) -> &Story {
        let file = self.home.file("one_2026-11-20.csv", ONE.to_owned() + &self.child.one());
        self.home.run(&["import", "capita-one", file.to_str().unwrap()]).expect(0);
        self
    }

    #[track_caller]
    fn school(&self, day: &str, text: &str) -> &Story {
        let file = self.home.file(&format!("8524001_852LLLL_{day}.csv"), text);
        self.home.run(&["import", "sims", file.to_str().unwrap()]).expect(0);
        self
    }

    /// The child's findings as rule, grade, reason; of a list of today or as of a day.
    #[track_caller]
    fn findings(&self, more: &[&str]) -> Vec<(String, String, String)> {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let all = self.home.run(&[&["worklist", "--json"], more].concat()).expect(0).lines();
        let mut all: Vec<_> = all.iter().map(|f| (text(&f["rule"]), text(&f["grade"]), text(&f["reason"]))).collect();
        all.sort();
        all
    }

    #[track_caller]
    fn is(&self, expected: &[(&str, &str, &str)]) -> &Story {
        self.is_as_of(&[], expected)
    }

    #[track_caller]
    fn is_as_of(&self, more: &[&str], expected: &[(&str, &str, &str)]) -> &Story {
        let expected: Vec<_> = expected.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect();
        assert_eq!(self.findings(more), expected);
        self
    }
}

const MISSING: (&str, &str, &str) = ("no-provision", "missing", "");
const PROBABLE: (&str, &str, &str) = ("no-provision", "probable", "");

#[test]
fn one_fresh_source_makes_it_probable_and_a_second_one_missing() {
    let story = Story::new("");
    story.health().is(&[PROBABLE]).one().is(&[MISSING]);
    let finding = &story.home.worklist()[0];
    assert_eq!((&finding["owner"], &finding["overdue"]), (&"officer".into(), &true.into()), "{finding}");
    assert_eq!(finding["evidence"].as_array().unwrap().len(), 2, "{finding}");
}

#[test]
fn a_child_on_roll_is_on_no_worklist() {
    let story = Story::of_nobodys_roll();
    story.is(&[MISSING]).school("2026-11-20", &(PUPILS.to_owned() + &story.child.pupil())).is(&[]);
}

#[test]
fn a_leaver_on_ground_a_is_awaited_until_the_fifth_day_after_the_removal() {
    let mut story = Story::new("");
    story.health().school("pupils_2026-11-02", &(PUPILS.to_owned() + &story.child.pupil()));
    story.school(
        "leavers_2026-11-23",
        &(LEAVERS.to_owned() + &story.child.leaver("20/11/2026", "Reg 9 (1)(a) at another school", "8524002")),
    );
    let awaited = [("no-provision", "explained", "awaiting-joiner")];
    story.is(&awaited).is_as_of(&["--as-of", "2026-11-25"], &awaited);
    // The school's word of where the child lived is as fresh as Child Health's.
    let late = [("leaver-without-destination", "", "new-school-not-confirmed"), MISSING];
    story.is_as_of(&["--as-of", "2026-11-26"], &late);
    // The clock itself: nothing comes in, but the day has changed.
    story.home.set_now("2026-11-25T23:30:00Z");
    story.home.run(&["sync"]).expect(0);
    story.is(&awaited);
    story.home.set_now("2026-11-26T00:30:00Z");
    story.home.run(&["sync"]).expect(0);
    story.is(&late);
    story.home.set_now("2026-11-27T09:00:00Z");
    let file =
        story.home.file("8524002_852LLLL_pupils001.csv", PUPILS.to_owned() + &story.child.pupil().replace("04/09/2024", "23/11/2026"));
    story.home.run(&["import", "sims", file.to_str().unwrap()]).expect(0);
    story.is(&[]);
}

#[test]
fn a_leaver_with_a_reason_in_words_is_asked_for_ground_and_destination() {
    let story = Story::new("");
    story.health();
    story.school("leavers_2026-11-23", &(LEAVERS.to_owned() + &story.child.leaver("20/11/2026", "Moved - destination unknown", "")));
    let both = [("leaver-without-destination", "", "no-destination"), ("leaver-without-ground", "", "words-only"), MISSING];
    story.is(&both);
    story.is_as_of(&["--rule", "leaver-without-ground"], &both[1..2]);
    assert_eq!(story.home.run(&["worklist", "--rule", "banana"]).code, 2);
}

#[test]
fn on_a_roll_over_the_border_the_finding_closes() {
    let story = Story::of_nobodys_roll();
    let child = &story.child;
    let list = format!(
        "UPN,School LAESTAB,School Name,Surname,Forename,Date of Birth,Entry Date\n{},8504001,Hillside,{},{},{},04/09/2025\n",
        child.upn,
        child.surname,
        child.forename,
        child.day()
    );
    story.is(&[MISSING]).list("cross-border", &list).is(&[]);
    let id = story.home.children(&child.surname)[0]["id"].as_str().unwrap().to_owned();
    let history = story.home.json(&["child", "history", &id, "--json"]);
    assert!(history.as_array().unwrap().iter().any(|e| e["kind"] == "finding-closed"), "{history}");
}

#[test]
fn a_roll_over_the_border_that_has_not_come_explains_until_it_comes() {
    let story = Story::new(OUTSTANDING);
    story.health().one().is(&[("no-provision", "explained", "list-outstanding")]);
    // The list comes, and the child is not in it.
    let other = Person::of(77);
    let list = format!(
        "UPN,School LAESTAB,School Name,Surname,Forename,Date of Birth,Entry Date\n{},8504001,Hillside,{},Ada,{},04/09/2025\n",
        other.upn,
        other.surname,
        other.day()
    );
    story.list("cross-border", &list).is(&[MISSING]);
}

#[test]
fn home_education_is_its_own_queue_until_it_is_assessed() {
    for (suitability, expected) in
        [("", &[("no-provision", "explained", "ehe-not-assessed")][..]), ("Suitable", &[]), ("Unsuitable", &[MISSING])]
    {
        let story = Story::of_nobodys_roll();
        let child = &story.child;
        let list = format!(
            "EHE Ref,UPN,Surname,Forename,Date of Birth,Suitability,EHE Start Date,Date Assessed\nE1,{},{},{},{},{suitability},01/09/2025,01/10/2026\n",
            child.upn,
            child.surname,
            child.forename,
            child.day()
        );
        story.list("ehe", &list).is(expected);
    }
}

#[test]
fn education_otherwise_than_at_school_is_provision() {
    let story = Story::of_nobodys_roll();
    let child = &story.child;
    let list = format!(
        "SEND Ref,UPN,Surname,Forename,Date of Birth,SEN Status,Placement Type,Placement Start\nS1,{},{},{},{},E,EOTAS,01/09/2026\n",
        child.upn,
        child.surname,
        child.forename,
        child.day()
    );
    story.list("send", &list).is(&[]);
}

#[test]
fn an_accepted_offer_is_transition_until_the_day_on_which_it_starts() {
    for (status, before) in [("Accepted", ("no-provision", "in-transition", "")), ("Offered", MISSING), ("Declined", MISSING)] {
        let mut story = Story::of_nobodys_roll();
        let child = story.child.clone();
        let list = format!(
            "Application Ref,UPN,School LAESTAB,Offer Status,Offer Date,Start Date,Surname,Forename,Date of Birth\nA1,{},8524002,{status},10/11/2026,30/11/2026,{},{},{}\n",
            child.upn,
            child.surname,
            child.forename,
            child.day()
        );
        story.list("offers", &list).is(&[before]).is_as_of(&["--as-of", "2026-11-27"], &[before]);
        story.home.set_now("2026-11-30T06:00:00Z");
        story.home.run(&["sync"]).expect(0);
        // ONE's export is older than its seven days by now: Child Health alone places the child here.
        story.is(&[PROBABLE]);
    }
}

#[test]
fn sources_that_are_all_too_old_explain() {
    let mut story = Story::new("");
    story.health().is(&[PROBABLE]);
    story.home.set_now("2027-01-25T09:00:00Z");
    story.home.run(&["sync"]).expect(0);
    story.is(&[("no-provision", "explained", "source-old")]);
}

#[test]
fn without_a_usable_address_the_question_is_where_the_child_lives() {
    let mut story = Story::new("");
    (story.child.street, story.child.postcode) = ("No fixed abode".into(), "ZZ99 3VZ".into());
    story.health().is(&[("residence-unknown", "", "")]);
}

#[test]
fn who_lives_elsewhere_or_is_not_of_age_is_on_no_worklist() {
    let mut story = Story::new("");
    story.child.postcode = "SO50 5AA".into();
    story.health().is(&[]);
    for dob in ["2009-05-01", "2023-01-01"] {
        let mut story = Story::new("");
        story.child.dob = dob.parse().unwrap();
        story.health().is(&[]);
    }
}
