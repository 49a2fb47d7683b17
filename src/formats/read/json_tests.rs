use std::io::{self, Read};

use proptest::prelude::*;
use schema::ProblemCode;

use super::*;

type Read_ = (Vec<String>, Vec<(u64, u64, Vec<(String, String)>)>, Option<ReadFault>);

fn read_each(bytes: &[u8], each: Option<&str>) -> Read_ {
    let mut rows = match open(&bytes.to_vec(), each) {
        Ok(rows) => rows,
        Err(fault) => return (Vec::new(), Vec::new(), Some(fault)),
    };
    let (mut row, mut all) = (RawRow::default(), Vec::new());
    let fault = loop {
        match rows.next_row(&mut row) {
            Ok(true) => {
                let cells = row.values().map(|(at, v)| (rows.columns().name(at).to_owned(), v.to_owned())).collect();
                all.push((row.place.row, row.place.line, cells));
            }
            Ok(false) => break None,
            Err(fault) => break Some(fault),
        }
    };
    (rows.columns().names().to_vec(), all, fault)
}

fn read(text: &str) -> Read_ {
    read_each(text.as_bytes(), Some("people"))
}

fn cells(text: &str) -> Vec<Vec<(String, String)>> {
    let (_, rows, fault) = read(text);
    assert_eq!(fault, None, "{text}");
    rows.into_iter().map(|(_, _, cells)| cells).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

fn fault(text: &str) -> ReadFault {
    read(text).2.unwrap_or_else(|| panic!("no fault in {text}"))
}

#[test]
fn an_array_lines_and_one_object_give_the_same_rows() {
    let one = r#"{"a":1,"b":"x"}"#;
    for text in [format!("[{one},\n{one}]"), format!("{one}\n{one}\n"), format!("\u{FEFF} [ {one} , {one} ] \n"), format!("{one}{one}")] {
        assert_eq!(cells(&text), vec![pairs(&[("a", "1"), ("b", "x")]); 2], "{text}");
    }
    assert_eq!(cells(one).len(), 1);
    assert!(cells("[]").is_empty());
    assert_eq!(cells("{}"), [Vec::new()]);
}

#[test]
fn objects_in_objects_are_dotted_columns_and_lists_of_texts_one_value() {
    assert_eq!(
        cells(r#"{"from":{"uprn":"1","lines":["Flat 2"," 12 Test Road",""],"more":{"x":null}},"ok":true,"n":-1.50e3,"none":[]}"#),
        [pairs(&[
            ("from.uprn", "1"),
            ("from.lines", "Flat 2, 12 Test Road"),
            ("from.more.x", ""),
            ("ok", "true"),
            ("n", "-1.50e3"),
            ("none", "")
        ])]
    );
    assert_eq!(cells(r#"{"l":[{"a":1},{"a":2},"x",[3]]}"#), [pairs(&[("l.1.a", "1"), ("l.2.a", "2"), ("l.4", "3"), ("l", "x")])]);
}

#[test]
fn the_list_that_is_named_makes_a_row_of_each_under_one_number() {
    let text = r#"[{"people":[{"n":"Ada"},{"n":"Bea","dob":"x"}],"ref":"H"},
        {"ref":"I","people":[]},{"ref":"J"},{"people":{"n":"Cy"}},{"people":null}]"#;
    let (columns, rows, fault) = read(text);
    assert_eq!(fault, None);
    let numbers: Vec<(u64, u64)> = rows.iter().map(|(row, line, _)| (*row, *line)).collect();
    assert_eq!(numbers, [(1, 1), (1, 1), (2, 2), (3, 2), (4, 2), (5, 2)]);
    assert_eq!(rows[0].2, pairs(&[("people.n", "Ada"), ("ref", "H")]));
    assert_eq!(rows[1].2, pairs(&[("people.n", "Bea"), ("people.dob", "x"), ("ref", "H")]));
    assert_eq!(rows[2].2, pairs(&[("ref", "I")]));
    assert_eq!(columns, ["people.n", "people.dob", "ref", "people"]);
    // Only the outermost object's list makes rows, and only where it was asked for.
    assert_eq!(cells(r#"{"x":{"people":[{"n":1},{"n":2}]}}"#).len(), 1);
    assert_eq!(read_each(text.as_bytes(), None).1.len(), 5);
}

#[test]
fn texts_are_unescaped() {
    assert_eq!(
        cells(r#"{"a":"Zo\u00eb \ud83d\ude00 \"x\" \\ \/ \n\t","\u0061b":"Siân"}"#),
        [pairs(&[("a", "Zoë 😀 \"x\" \\ / \n\t"), ("ab", "Siân")])]
    );
    let mut rows = open(&br#"{"a":"x\ud83dy","b":"\udc00\ud83d\n","c":"a\u0000b"}"#.to_vec(), None).unwrap();
    let mut row = RawRow::default();
    assert_eq!(rows.next_row(&mut row), Ok(true));
    assert_eq!((row.get(0), row.get(1), row.get(2)), (Some("x\u{FFFD}y"), Some("\u{FFFD}\u{FFFD}\n"), Some("ab")));
    let codes: Vec<(ProblemCode, &str)> = row.problems.iter().map(|p| (p.code, p.column.as_str())).collect();
    assert_eq!(codes, [(ProblemCode::BadEncoding, "a"), (ProblemCode::BadEncoding, "b"), (ProblemCode::BadEncoding, "c")]);
}

#[test]
fn names_that_differ_in_case_only_lose_no_value() {
    assert_eq!(
        cells(r#"{"dob":"1","DOB":"2","":"3","$":"4"}"#),
        [pairs(&[("dob", "1"), ("DOB (2)", "2"), ("(no name)", "3"), ("$", "4")])]
    );
}

#[test]
fn what_is_no_json_is_a_fault_with_its_line() {
    for (text, what) in [
        ("[{\"a\":1},\n{\"a\":1,\"a\":2}]", "member twice"),
        ("[{\"a\":1},\n{\"a\":1,}]", "must stand here"),
        ("[{\"a\":1},\n]", "an object must stand here"),
        ("[{\"a\":1}\n{\"a\":1}]", "a comma or the end of the list"),
        ("[{\"a\":1}]\n{\"a\":1}", "behind the list"),
        ("{\"a\":1}\nx", "an object must stand here"),
        ("{\"a\":1}\n{\"a\":01}", "no text in quotes"),
        ("{\"a\":1}\n{\"a\":nul}", "no text in quotes"),
        ("{\"a\":1}\n{a:1}", "double quotes"),
        ("{\"a\":1}\n{\"a\":'x'}", "a value must stand here"),
        ("{\"a\":1}\n{\"a\":\"\\x\"}", "no escape"),
        ("{\"a\":1}\n{\"a\":\"\\u12g4\"}", "hexadecimal"),
        ("{\"a\":1}\n{\"a\":\"x\ty\"}", "control character"),
        ("[{\"a\":1},\n7]", "an object must stand here"),
        ("{\"a\":1}\n{\"a\"", "breaks off"),
        ("{\"a\":1}\n{\"a\":\"x", "breaks off"),
        ("{\"a\":1}\n{\"a\":tr", "breaks off"),
        ("[{\"a\":1},\n", "breaks off"),
        ("[{\"a\":1}\n", "breaks off"),
    ] {
        let (_, rows, fault) = read(text);
        let fault = fault.unwrap_or_else(|| panic!("{text}"));
        assert!(fault.what.contains(what), "{text}: {fault}");
        assert_eq!((fault.line, rows.len(), fault.ours), (Some(2), 1, false), "{text}: {fault}");
        assert!(!fault.hint.is_empty());
    }
    let bad = read_each(b"{\"a\":1}\n{\"a\":\"Zo\xEB\"}", None);
    assert!(bad.1.len() == 1 && bad.2.unwrap().what.contains("UTF-8"));
    assert!(read_each(b"[\0{\0\"\0a\0\"\0:\x001\0}\0]\0", None).2.unwrap().what.contains("UTF-8"));
}

#[test]
fn nesting_is_read_to_a_depth_of_64_and_no_deeper() {
    let nested = |n: usize| format!("{}1{}", "{\"a\":".repeat(n), "}".repeat(n));
    assert_eq!(cells(&nested(64)).len(), 1);
    assert!(fault(&nested(65)).what.contains("deeper than 64"));
    assert!(fault(&format!("{{\"a\":{}", "[".repeat(1_000_000))).what.contains("deeper than 64"));
    assert!(fault(&format!("[{}", "{\"a\":".repeat(64))).what.contains("deeper than 64"));
}

#[test]
fn long_values_are_cut_and_endless_rows_refused() {
    let long = format!("{{\"a\":\"{}\"}}", "ë".repeat(600 << 10));
    let mut rows = open(&long.into_bytes(), None).unwrap();
    let mut row = RawRow::default();
    assert_eq!(rows.next_row(&mut row), Ok(true));
    assert_eq!((row.get(0).unwrap().len(), row.problems[0].code), (1 << 20, ProblemCode::TooLong));
    let endless = format!("{{\"a\":1}}\n{{\"a\":\"{}", "x".repeat(17 << 20));
    assert!(fault(&endless).what.contains("16 MiB"));
    let many = format!("{{\"people\":[{}{{}}]}}", "{},".repeat(10_000));
    assert!(fault(&many).what.contains("16 MiB"));
    let wide = format!("{{{}}}", (0..16_400).map(|n| format!("\"c{n}\":1")).collect::<Vec<_>>().join(","));
    assert!(fault(&wide).what.contains("columns"));
    assert!(fault(&format!("{{\"{}\":1}}", "n".repeat(501))).what.contains("500 bytes"));
    let multiplied = format!("{{\"a\":\"{}\",\"people\":[{}{{}}]}}", "x".repeat(1 << 20), "{},".repeat(100));
    assert!(fault(&multiplied).what.contains("16 MiB"));
    let alike = format!("{{{}}}", (0..200).map(|n| format!("\"a{}\":1", "-".repeat(n))).collect::<Vec<_>>().join(","));
    assert!(fault(&alike).what.contains("case or signs"));
}

/// A file without end: the same object again and again.
struct Endless;

impl Bytes for Endless {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        struct Source(usize);
        impl Read for Source {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let object = b"{\"reference\":\"H-1\",\"people\":[{\"n\":\"Ada\"},{\"n\":\"Bea\"}]}\n";
                out.iter_mut().enumerate().for_each(|(i, byte)| *byte = object[(self.0 + i) % object.len()]);
                self.0 += out.len();
                Ok(out.len())
            }
        }
        Ok(Box::new(Source(0)))
    }
    fn len(&self) -> u64 {
        u64::MAX
    }
}

#[test]
fn memory_does_not_grow_with_the_file() {
    let mut rows = open(&Endless, Some("people")).unwrap();
    let mut row = RawRow::default();
    for _ in 0..20_000 {
        assert_eq!(rows.next_row(&mut row), Ok(true));
        assert!(rows.ahead.len() <= 2 * AHEAD_OBJECTS);
    }
    assert!(rows.objects.columns.len() == 2 && rows.ahead.is_empty() || rows.ahead.len() == 1);
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::hash_map("[a-zA-Z. ]{0,5}", inner, 0..5).prop_map(|m| Value::Object(m.into_iter().collect()))
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_each(&bytes, Some("people"));
    }

    #[test]
    fn no_marks_panic(text in "[\\[\\]{}\":,\\\\ua0-9 \\n\\-\\.etrufalsn]{0,120}") {
        let _ = read(&text);
    }

    #[test]
    fn good_json_is_read_with_a_row_for_each_object(objects in prop::collection::vec(json().prop_filter("objects", serde_json::Value::is_object), 0..6)) {
        let lines = objects.iter().map(|o| format!("{o}\n")).collect::<String>();
        for text in [lines, serde_json::to_string_pretty(&objects).unwrap()] {
            let (_, rows, fault) = read_each(text.as_bytes(), None);
            prop_assert_eq!(fault, None);
            prop_assert_eq!(rows.len(), objects.len());
        }
    }

    #[test]
    fn a_cut_list_is_a_fault_and_keeps_the_rows_before_it(objects in prop::collection::vec(json().prop_filter("objects", serde_json::Value::is_object), 1..5), part in 0.0..1.0f64) {
        let text = serde_json::to_string(&objects).unwrap();
        let whole = read_each(text.as_bytes(), None).1;
        let at = (text.len() as f64 * part) as usize;
        let (_, rows, fault) = read_each(&text.as_bytes()[..at.min(text.len() - 1)], None);
        // Nothing at all is an empty list of lines: the file as such is refused before it is read.
        prop_assert!(fault.is_some() || at == 0);
        prop_assert!(rows.len() <= whole.len());
        for (row, good) in rows.iter().zip(&whole) {
            prop_assert_eq!(row, good);
        }
    }
}
