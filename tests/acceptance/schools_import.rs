//! `schools import`: schools.csv from the national download. The schools are invented, the headings are the real ones.

use std::fs;

use acceptance::Home;

const HEADINGS: &str = "\"URN\",\"LA (code)\",\"LA (name)\",\"EstablishmentNumber\",\"EstablishmentName\",\"TypeOfEstablishment (code)\",\"TypeOfEstablishment (name)\",\"EstablishmentTypeGroup (code)\",\"EstablishmentTypeGroup (name)\",\"EstablishmentStatus (code)\",\"EstablishmentStatus (name)\",\"PhaseOfEducation (code)\",\"PhaseOfEducation (name)\",\"StatutoryLowAge\",\"StatutoryHighAge\",\"Postcode\"\n";

/// One establishment: URN, authority, number, name, type, group, status, phase, lowest and highest age.
fn row(of: [&str; 10]) -> String {
    let [urn, la, number, name, kind, group, status, phase, low, high] = of;
    format!("\"{urn}\",\"{la}\",\"Example\",\"{number}\",\"{name}\",\"1\",\"{kind}\",\"4\",\"{group}\",\"1\",\"{status}\",\"2\",\"{phase}\",\"{low}\",\"{high}\",\"SO14 0AA\"\n")
        .replace("\"1\",\"Closed\"", "\"2\",\"Closed\"")
}

const MAINTAINED: &str = "Local authority maintained schools";

fn download() -> Vec<u8> {
    let rows = [
        row([
            "900001",
            "852",
            "4001",
            "Sainte-Th\u{e9}r\u{e8}se\u{2019}s \u{201c}Oak\u{201d} School, The",
            "Community school",
            MAINTAINED,
            "Open",
            "Secondary",
            "11",
            "16",
        ]),
        row([
            "900002",
            "852",
            "2001",
            "Hillside Infant School",
            "Community school",
            MAINTAINED,
            "Open, but proposed to close",
            "Primary",
            "4",
            "7",
        ]),
        row(["900003", "852", "2002", "Closed Primary School", "Community school", MAINTAINED, "Closed", "Primary", "4", "11"]),
        row([
            "900004",
            "850",
            "6001",
            "Over The Border College",
            "Other independent school",
            "Independent schools",
            "Open",
            "Not applicable",
            "11",
            "18",
        ]),
        row(["900005", "888", "4001", "Far Away School", "Academy converter", "Academies", "Open", "Secondary", "11", "16"]),
        row(["900006", "852", "", "Children's Centre", "Children's centre", "Other types", "Open", "Not applicable", "0", "5"]),
        row(["900007", "852", "2003", "New Primary Academy", "Academy converter", "Academies", "Open", "Primary", "4", "11"]),
    ];
    // The national download is Windows-1252.
    let special = |c: char| match c {
        '\u{2019}' => 0x92,
        '\u{201c}' => 0x93,
        '\u{201d}' => 0x94,
        c => u8::try_from(u32::from(c)).unwrap(),
    };
    (HEADINGS.to_owned() + &rows.concat()).chars().map(special).collect()
}

fn schools(home: &Home) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(home.dir().join("schools.csv")).unwrap();
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn open_schools_of_the_authority_and_its_neighbours_are_taken() {
    let home = Home::new("");
    let file = home.file("edubasealldata20261124.csv", download());
    let answer = home.run(&["schools", "import", file.to_str().unwrap()]).expect(0);
    assert!(answer.err.contains("4 schools of 850, 851, 852, 921"), "{}", answer.err);
    let schools = schools(&home);
    let first = |n: usize| schools.iter().map(|s| s[n].as_str()).collect::<Vec<_>>();
    assert_eq!(first(0), ["8506001", "8522001", "8522003", "8524001"]);
    assert_eq!(first(1), ["900004", "900002", "900007", "900001"]);
    assert_eq!(first(2)[3], "Sainte-Th\u{e9}r\u{e8}se\u{2019}s \u{201c}Oak\u{201d} School, The");
    assert_eq!(first(3), ["independent", "infant", "primary", "secondary"]);
    assert_eq!((first(6), first(7)), (vec!["7", "R", "R", "7"], vec!["13", "2", "6", "11"]));
    home.run(&["check"]).expect(0);
}

#[test]
fn what_the_council_keeps_itself_stays() {
    let home = Home::new("");
    let before = "laestab,urn,name,phase,la,mis,lowest_year,highest_year,channel,link_ewo,list_outstanding\n8524001,,Old name,other,852,Arbor,,,folder,\"Officer, E.\",yes\n8529999,,Kept by hand,other,852,,,,,,\n";
    home.write("schools.csv", before);
    let file = home.file("gias.csv", download());
    let answer = home.run(&["schools", "import", file.to_str().unwrap()]).expect(0);
    assert!(answer.err.contains("1 schools that the download does not have were kept"), "{}", answer.err);
    let schools = schools(&home);
    let oak = schools.iter().find(|s| s[0] == "8524001").unwrap();
    assert_eq!((oak[5].as_str(), oak[8].as_str(), oak[9].as_str(), oak[10].as_str()), ("Arbor", "folder", "Officer, E.", "yes"));
    assert!(oak[2].contains("Oak") && oak[3] == "secondary");
    assert!(schools.iter().any(|s| s[0] == "8529999"));
    // The same download again changes nothing.
    let text = fs::read(home.dir().join("schools.csv")).unwrap();
    home.run(&["schools", "import", file.to_str().unwrap()]).expect(0);
    assert_eq!(fs::read(home.dir().join("schools.csv")).unwrap(), text);
}

#[test]
fn a_file_that_is_no_download_leaves_the_schools_as_they_were() {
    let home = Home::new("");
    let before = fs::read(home.dir().join("schools.csv")).unwrap();
    for (text, words) in [("URN,LA (code)\n1,852\n", "EstablishmentNumber"), ("", "empty"), ("%PDF-1.7\n", "PDF")] {
        let file = home.file("gias.csv", text);
        let answer = home.run(&["schools", "import", file.to_str().unwrap()]).expect(1);
        assert!(answer.err.contains("gias.csv") && answer.err.contains(words), "{}", answer.err);
    }
    let other: Vec<u8> = String::from_utf8_lossy(&download()).replace("\"852\"", "\"301\"").replace("\"850\"", "\"302\"").into_bytes();
    let answer = home.run(&["schools", "import", home.file("gias.csv", other).to_str().unwrap()]).expect(1);
    assert!(answer.err.contains("no open school of 850, 851, 852, 921"), "{}", answer.err);
    assert_eq!(home.run(&["schools", "import", home.outside("nowhere.csv").to_str().unwrap()]).code, 1);
    assert_eq!(fs::read(home.dir().join("schools.csv")).unwrap(), before);
}

#[test]
fn a_school_that_became_an_academy_goes_on_under_its_new_number() {
    let home = Home::new("");
    let file = home.file("gias.csv", download());
    let links = home.file("links.csv", "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n900003,900007,New Primary Academy,Successor,01/09/2026\n900007,900003,Closed Primary School,Predecessor,01/09/2026\n");
    home.run(&["schools", "import", file.to_str().unwrap(), "--links", links.to_str().unwrap()]).expect(0);
    home.run(&["check"]).expect(0);
    let text = fs::read_dir(home.dir()).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "csv"));
    let named: Vec<_> = text.filter(|p| fs::read_to_string(p).unwrap().contains("8522002")).collect();
    assert_eq!(named.len(), 1, "the old number is kept beside the new one: {named:?}");
}
