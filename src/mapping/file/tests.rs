use super::*;

const GOOD: &str = r#"
title = "Test"
as_of = "arrival"
requires = ["Surname"]

[[field]]
to = "name.surname"
from = "Surname"
"#;

/// The faults of a text as `line:column what | hint`.
fn faults(text: &str) -> Vec<String> {
    let faults = Mapping::parse("sims/test.toml", text).err().unwrap_or_default();
    faults.iter().map(|f| format!("{}:{} {} | {}", f.line, f.column, f.what, f.hint)).collect()
}

#[test]
fn a_path_gives_the_id() {
    for (path, id) in [
        ("sims/pupils.toml", "sims/pupils"),
        ("./home/mappings/sims/pupils.toml", "sims/pupils"),
        ("mine.toml", "own/mine"),
        ("a\\sims\\x.toml", "sims/x"),
    ] {
        assert_eq!(Mapping::parse(path, GOOD).unwrap().id, id);
    }
    let mapping = Mapping::parse("sims/test.toml", GOOD).unwrap();
    assert_eq!((mapping.system.as_str(), mapping.dataset.as_str(), mapping.roll, mapping.as_of), ("sims", "test", false, AsOf::Arrival));
    assert_eq!(mapping.version.len(), 64);
    assert_ne!(mapping.version, Mapping::parse("sims/test.toml", &format!("{GOOD}# changed")).unwrap().version);
}

#[test]
fn a_fault_names_line_and_column_and_what_to_do() {
    for (more, fault) in [
        ("fron = \"X\"", "9:1 unknown key `fron` | did you mean `from`?"),
        ("[[field]]\nto = \"name.forname\"\nfrom = \"X\"", "10:6 unknown target `name.forname` | did you mean `name.forename`?"),
        ("[[field]]\nto = \"dob\"\nfrom = []", "11:8 the list of `from` is empty | name at least one, or leave the line out"),
        (
            "[[field]]\nto = \"dob\"",
            "9:1 the field has neither `from` nor `default` | write from = \"Heading\", or default = \"...\" for a constant",
        ),
        (
            "[[field]]\nto = \"name.surname\"\nfrom = \"X\"",
            "10:6 `name.surname` is filled twice | name all headings in one `from`, or give both fields a `when`",
        ),
        ("[[field]]\nto = \"sex\"\nfrom = \"X\"\ntable = \"sexx\"", "12:9 there is no table `sexx` | did you mean `sex`?"),
        (
            "[[field]]\nto = \"sex\"\nfrom = \"X\"\ntable = { a = \"W\" }",
            "12:15 `W` is no sex | what a table gives must be what the target takes",
        ),
        (
            "[[field]]\nto = \"sex\"\nfrom = \"X\"\ntable = { A = \"M\", \" a\" = \"F\" }",
            "12:20 the table has this entry twice (case and spaces do not matter) | keep one of the two",
        ),
        (
            "[[field]]\nto = \"dob\"\nfrom = \"X\"\nformats = [\"dd/mm/yyyy\"]",
            "12:12 this is no date form | write DD, MM or MMM, and YYYY or YY with the signs between: DD/MM/YYYY, D MMM YYYY, YYYYMMDD",
        ),
        ("[[field]]\nto = \"sex\"\nfrom = \"X\"\nformats = \"DD/MM/YYYY\"", "12:11 `formats` is for dates | this target takes a sex"),
        ("[[field]]\nto = \"dob\"\nfrom = \"X\"\ndefault = \"soon\"", "12:11 the default is no date | `dob` takes a date"),
        (
            "[[field]]\nto = \"source_id\"\nfrom = \"X\"\nread_as = \"nhs-nummer\"",
            "12:11 there is no step `nhs-nummer` | did you mean `nhs-number`?",
        ),
        (
            "[[field]]\nto = \"source_id\"\nfrom = \"X\"\njoin = \"-\"",
            "12:8 `join` needs two headings or more in `from` | write from = [\"First\", \"Second\"]",
        ),
        (
            "[[field]]\nto = \"dob\"\nfrom = \"X\"\nwhen = { column = \"Y\" }",
            "12:8 `when` needs exactly one of is, not, filled | write a list of conditions where several must hold",
        ),
        (
            "[[field]]\nto = \"dob\"\nfrom = \"X\"\nwhen = { colum = \"Y\", filled = true }",
            "12:10 unknown key `colum` | did you mean `column`?",
        ),
        (
            "[[field]]\nto = \"phone\"\nfrom = \"X\"\nsplit = { at = \";\", part = 0 }",
            "12:9 parts are counted from 1 | write part = 1 for the first, part = -1 for the last",
        ),
        (
            "[[field]]\nto = \"phone\"\nfrom = \"--\"",
            "11:8 a heading needs a letter or a digit | write the heading as it stands in the file",
        ),
        ("[[field]]\nto = \"phone\"\nfrom = 3", "11:8 `from` takes a text | write it between quotes"),
    ] {
        let found = faults(&format!("{GOOD}{more}"));
        assert!(found.iter().any(|f| f == fault), "{fault}\n{found:?}");
        // A field without a usable `from` has another fault beside it, and so has a condition without its column.
        assert!(found.len() == 1 || more.contains("from = 3") || more.contains("from = []") || more.contains("colum ="), "{found:?}");
    }
}

#[test]
fn the_head_is_checked_too() {
    let found = faults("titel = \"x\"\nas_of = \"soon\"\nrequires = [[]]\n");
    assert!(found.iter().any(|f| f.starts_with("1:1 unknown key `titel`") && f.contains("`title`")), "{found:?}");
    assert!(found.iter().any(|f| f.starts_with("2:9 `soon` is no as_of")), "{found:?}");
    assert!(found.iter().any(|f| f.starts_with("3:13 the list of `requires` is empty")), "{found:?}");
    assert!(found.iter().any(|f| f.contains("`title` is missing")) && found.iter().any(|f| f.contains("has no field")), "{found:?}");
    assert!(faults("title = \"x\"\nas_of = \"arrival\"\n").iter().any(|f| f.contains("`requires` is missing")));
    assert_eq!(faults(&GOOD.replace("\"arrival\"", "{ column = \"D\", otherwise = \"arrivel\" }")).len(), 1);
}

#[test]
fn what_is_no_toml_is_said_with_its_line() {
    let found = faults("title = \"x\nas_of = 1\n");
    assert!(found[0].starts_with("1:") && found[0].contains("this is no TOML"), "{found:?}");
    assert!(!faults("\u{0}").is_empty());
}

#[test]
fn several_faults_come_in_the_order_of_the_text() {
    let found = faults(&format!("{GOOD}[[field]]\nto = \"a\"\n[[field]]\nto = \"dob\"\nfrom = \"X\"\ntable = 3\npad = 99\n"));
    assert_eq!(found.iter().map(|f| f.split(':').next().unwrap()).collect::<Vec<_>>(), ["10", "14", "15"], "{found:?}");
}

#[test]
fn headings_fit_by_any_of_their_names() {
    let text = GOOD.replace("requires = [\"Surname\"]", "requires = [\"Surname\", [\"DOB\", \"Date of Birth\"]]\nunless = \"Reg\"");
    let mapping = Mapping::parse("sims/test.toml", &text).unwrap();
    let columns = |headings: &[&str]| {
        let mut columns = Columns::default();
        for heading in headings {
            columns.add(heading);
        }
        columns
    };
    assert!(mapping.fits(&columns(&["SURNAME", "date_of_birth"])));
    assert!(!mapping.fits(&columns(&["Surname", "Date of Birth", "reg"])));
    assert!(!mapping.fits(&columns(&["Surname"])));
    assert_eq!(mapping.lacking(&columns(&["Surname"])), ["DOB"]);
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = Mapping::parse("x/y.toml", &text);
    }

    #[test]
    fn no_broken_mapping_panics(cut in 0usize..120, put in "[\\[\\]{}=\",a-z0-9 \n]{0,6}") {
        let text = format!("{GOOD}[tables.t]\na = \"b\"\n[[field]]\nto = \"sex\"\nfrom = [\"a\", \"b\"]\njoin = \" \"\nsplit = {{ at = \",\", part = 2 }}\n");
        let mut cut = cut.min(text.len());
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        let _ = Mapping::parse("x/y.toml", &format!("{}{put}{}", &text[..cut], &text[cut..]));
    }
}
