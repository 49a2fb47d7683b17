use proptest::prelude::*;

use super::*;
use crate::write;

/// Reads all: values by heading of each row, with line and problem codes.
struct Read {
    headings: Vec<String>,
    rows: Vec<RawRow>,
    fault: Option<ReadFault>,
}

impl Read {
    fn values(&self, row: usize) -> Vec<Option<&str>> {
        (0..self.headings.len()).map(|c| self.rows[row].get(c)).collect()
    }

    fn codes(&self, row: usize) -> Vec<ProblemCode> {
        self.rows[row].problems.iter().map(|p| p.code).collect()
    }

    fn lines(&self) -> Vec<u64> {
        self.rows.iter().map(|r| r.place.line).collect()
    }
}

fn read(bytes: impl Into<Vec<u8>>) -> Read {
    let mut rows = open(&bytes.into()).unwrap();
    let mut out = Read { headings: rows.columns().names().to_vec(), rows: Vec::new(), fault: None };
    loop {
        let mut row = RawRow::default();
        match rows.next_row(&mut row) {
            Ok(true) => out.rows.push(row),
            Ok(false) => break,
            Err(fault) => {
                assert_eq!(rows.next_row(&mut row), Err(fault.clone()), "a fault stays");
                out.fault = Some(fault);
                break;
            }
        }
    }
    out
}

fn some<'a>(values: &[&'a str]) -> Vec<Option<&'a str>> {
    values.iter().copied().map(Some).collect()
}

#[test]
fn rows_come_with_their_place() {
    let file = read("UPN,Surname,DOB\r\nA1,Example,2015-02-01\r\n\r\n  \r\n\"A2\",\"Exam\r\nple\",\r\nA3,E,x");
    assert_eq!(file.headings, ["UPN", "Surname", "DOB"]);
    assert_eq!(file.values(0), some(&["A1", "Example", "2015-02-01"]));
    assert_eq!(file.values(1), some(&["A2", "Exam\r\nple", ""]));
    assert_eq!(file.values(2), some(&["A3", "E", "x"]));
    assert_eq!(file.lines(), [2, 5, 7]);
    assert_eq!(file.rows.iter().map(|r| r.place.row).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(file.fault.is_none());
}

#[test]
fn the_delimiter_is_found() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = ["UPN", "\"Name, full; or | short\"", "DOB\nA1", "Example", "x\n"].join(delimiter);
        let file = read(text);
        assert_eq!(file.headings.len(), 3, "{delimiter:?}");
        assert_eq!(file.values(0), some(&["A1", "Example", "x"]));
    }
    let file = read("sep=;\r\nA,B;C\r\n1;2\r\n");
    assert_eq!((file.headings.as_slice(), file.lines()), (["A,B".to_owned(), "C".to_owned()].as_slice(), vec![3]));
    assert_eq!(read("UPN\nA1\n").values(0), some(&["A1"]));
}

#[test]
fn all_line_ends_end_a_row() {
    for end in ["\n", "\r\n", "\r"] {
        let file = read(["A,B", "1,2", "3,4"].join(end));
        assert_eq!(file.values(1), some(&["3", "4"]), "{end:?}");
    }
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let text = "Adno,Forename\r\n004312,Zoë\r\n004313,Siobhán\r\n";
    let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let cp1252: Vec<u8> = text.chars().map(|c| c as u8).collect();
    for bytes in [
        text.into(),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        [b"\xFF\xFE", &*le].concat(),
        [b"\xFE\xFF", &*be].concat(),
        le,
        be,
        cp1252,
    ] {
        let file = read(bytes);
        assert_eq!(file.headings, ["Adno", "Forename"]);
        assert_eq!(file.values(1), some(&["004313", "Siobhán"]));
        assert!(file.codes(0).is_empty());
    }
}

#[test]
fn bytes_that_are_no_text_are_marked_on_their_row() {
    let file = read(b"UPN,Forename\nA1,Zo\xC3\xAB\nA2,Ren\xE9\nA3,Siobh\xC3\xA1n\n".to_vec());
    assert_eq!(file.values(2), some(&["A3", "Siobhán"]));
    assert_eq!((file.codes(0), file.codes(1)), (vec![], vec![ProblemCode::BadEncoding]));
    assert_eq!(file.rows[1].problems[0].column, "Forename");
    let file = read(b"UPN,Forename\nA1,A\0da\nA2,Bea\n".to_vec());
    assert_eq!(file.values(0), some(&["A1", "Ada"]));
    assert_eq!((file.codes(0), file.codes(1)), (vec![ProblemCode::BadEncoding], vec![]));
    let file = read(b"UPN,Forename\nA1,Zo\xEB\nA2,\x81\n".to_vec());
    assert_eq!((file.codes(0), file.codes(1)), (vec![], vec![ProblemCode::BadEncoding]));
}

#[test]
fn a_ragged_row_goes_in_with_a_problem() {
    let file = read("A,B,C\n1,2\n1,2,3,4,5\n1,2,3,,\n1,2,3\n");
    assert_eq!(file.values(0), [Some("1"), Some("2"), None]);
    assert_eq!((file.codes(0), file.codes(1)), (vec![ProblemCode::RaggedRow], vec![ProblemCode::RaggedRow]));
    assert_eq!(file.rows[1].problems[0].raw, "4,5");
    assert!(file.codes(2).is_empty() && file.codes(3).is_empty());
    let file = read("A,B,,\n1,2\n3,4,,\n");
    assert!(file.headings.len() == 2 && file.codes(0).is_empty() && file.codes(1).is_empty());
}

#[test]
fn a_line_of_delimiters_is_a_row_and_a_blank_line_is_not() {
    assert_eq!(read("A,B\n,\n\n \n\x1A").rows.len(), 1);
    assert_eq!(read("A\n\"\"\n\nx\n").rows.len(), 2);
}

#[test]
fn a_header_alone_is_a_file_without_rows() {
    for text in ["A,B", "A,B\n", "A,B\r\n\r\n"] {
        assert_eq!(read(text).rows.len(), 0);
    }
}

#[test]
fn a_file_without_header_cannot_be_opened() {
    for text in ["", "\n\n", " \r\n", ",,,\n1,2,3\n"] {
        assert!(open(&text.as_bytes().to_vec()).is_err(), "{text:?}");
    }
}

#[test]
fn an_unclosed_quote_names_the_line_where_it_opened() {
    let file = read("A,B\n1,2\n\"two\nlines\",x\n3,\"open\nand more\n4,5\n");
    assert_eq!(file.rows.len(), 2);
    let fault = file.fault.unwrap();
    assert_eq!(fault.line, Some(5));
    assert!(fault.what.contains("quote") && !fault.to_string().contains("more"));
    assert_eq!(read("A,B\n1,\"a\nb\",\"open\n").fault.unwrap().line, Some(3));
}

#[test]
fn half_a_row_at_the_end_goes_in_marked() {
    let file = read("A,B,C\n1,2,3\n4,5");
    assert_eq!((file.rows.len(), file.codes(1)), (2, vec![ProblemCode::RaggedRow]));
}

#[test]
fn quotes_are_undone_as_python_does() {
    let file = read("A,B,C\n\"say \"\"hi\"\"\",\"x\"y\"z,a\"b\"c\n\"\",\"\"\"\",\"a\"\"\"\n");
    assert_eq!(file.values(0), some(&["say \"hi\"", "xy\"z", "a\"b\"c"]));
    assert_eq!(file.values(1), some(&["", "\"", "a\""]));
}

#[test]
fn long_fields_are_fine_and_longer_ones_are_cut() {
    let long = "x".repeat(10_000);
    assert_eq!(read(format!("A,B\n{long},\"{long}\"\n")).values(0), some(&[&long, &long]));
    let huge = "ë".repeat(MAX_VALUE / 2 + 7);
    let file = read(format!("A,B\n\"{huge}\",1\n"));
    assert_eq!((file.codes(0), file.rows[0].get(0).unwrap().len()), (vec![ProblemCode::TooLong], MAX_VALUE));
    let endless = read(format!("A,B\n1,2\n3,{}", "y".repeat(MAX_ROW + 1)));
    assert_eq!((endless.rows.len(), endless.fault.unwrap().line), (1, Some(3)));
}

#[test]
fn a_file_wider_than_any_sheet_is_refused() {
    assert!(open(&vec![b','; 20_000]).is_err());
    assert!(open(&format!("{}x", "x,".repeat(20_000)).into_bytes()).is_err());
}

#[test]
fn repeated_headings_keep_their_values() {
    let file = read("Phone,Phone,\"\",UPN\n1,2,3,4\n");
    assert_eq!(file.headings, ["Phone", "Phone (2)", "(column 3)", "UPN"]);
    assert_eq!(file.values(0), some(&["1", "2", "3", "4"]));
}

/// A source that gives its bytes in pieces of any size.
struct Pieces(Vec<u8>, usize);

impl Bytes for Pieces {
    fn open(&self) -> std::io::Result<Box<dyn std::io::Read + Send>> {
        struct Slow(std::io::Cursor<Vec<u8>>, usize);
        impl std::io::Read for Slow {
            fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
                let most = out.len().min(self.1);
                self.0.read(&mut out[..most])
            }
        }
        Ok(Box::new(Slow(std::io::Cursor::new(self.0.clone()), self.1)))
    }
    fn len(&self) -> u64 {
        self.0.len() as u64
    }
}

#[test]
fn rows_are_the_same_however_the_bytes_arrive() {
    let text = "A,B\r\n\"x \"\"y\"\"\r\nz\",Zoë\r\n1,2\r\n\r\n\"😀\",\"\"\r\n";
    let whole = read(text);
    for piece in 1..text.len() {
        let mut rows = open(&Pieces(text.as_bytes().to_vec(), piece)).unwrap();
        let mut row = RawRow::default();
        for expected in &whole.rows {
            assert!(rows.next_row(&mut row).unwrap());
            assert_eq!((&row.place, row.values().collect::<Vec<_>>()), (&expected.place, expected.values().collect()));
        }
        assert!(!rows.next_row(&mut row).unwrap());
    }
}

/// 24 MiB that exist only while they are read: were they kept, the window would show it.
#[test]
fn memory_does_not_grow_with_the_file() {
    struct Endless;
    impl Bytes for Endless {
        fn open(&self) -> std::io::Result<Box<dyn std::io::Read + Send>> {
            let header = std::io::Cursor::new(b"A,B\n".to_vec());
            Ok(Box::new(std::io::Read::chain(header, Lines { left: 24 << 20, at: 0 })))
        }
        fn len(&self) -> u64 {
            24 << 20
        }
    }
    struct Lines {
        left: usize,
        at: usize,
    }
    impl std::io::Read for Lines {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let count = out.len().min(self.left);
            for byte in &mut out[..count] {
                *byte = b"value,other\n"[self.at % 12];
                self.at += 1;
            }
            self.left -= count;
            Ok(count)
        }
    }
    let mut rows = open(&Endless).unwrap();
    let mut row = RawRow::default();
    let mut count = 0u64;
    while rows.next_row(&mut row).unwrap() {
        count += 1;
    }
    assert_eq!(count, (24u64 << 20).div_ceil(12));
    assert!(rows.text.capacity() < 2 << 20);
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 ]{0,12}",
        2 => "[,;|\t\"\r\n' ë€😀x]{0,8}",
        1 => proptest::collection::vec(any::<char>().prop_filter("text", |c| !is_no_text(*c)), 0..8).prop_map(String::from_iter),
    ]
}

fn table() -> impl Strategy<Value = (Vec<String>, Vec<Vec<String>>)> {
    (1usize..6).prop_flat_map(|width| {
        let header = proptest::collection::vec("[A-Za-z][A-Za-z0-9,;| ]{0,10}[a-z]", width);
        (header, proptest::collection::vec(proptest::collection::vec(value(), width), 0..12))
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        (header, rows) in table(),
        delimiter in prop::sample::select(vec![',', ';', '\t', '|']),
        encoding in prop::sample::select(vec![write::csv::Encoding::Utf8, write::csv::Encoding::Utf8WithMark, write::csv::Encoding::Utf16]),
    ) {
        let mut bytes = Vec::new();
        let style = write::csv::Style { delimiter, encoding };
        let mut writer = write::csv::Writer::new(&mut bytes, style, header.iter().map(String::as_str)).unwrap();
        for row in &rows {
            writer.row(row.iter().map(String::as_str)).unwrap();
        }
        writer.finish().unwrap();
        let file = read(bytes);
        prop_assert!(file.fault.is_none());
        prop_assert_eq!(file.headings.len(), header.len());
        prop_assert_eq!(file.rows.len(), rows.len());
        for (at, row) in rows.iter().enumerate() {
            prop_assert_eq!(file.values(at), row.iter().map(|v| Some(v.as_str())).collect::<Vec<_>>());
            prop_assert!(file.rows[at].problems.is_empty());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"\",;\r\n\0".to_vec())], 0..400)) {
        if let Ok(mut rows) = open(&bytes) {
            let mut row = RawRow::default();
            while let Ok(true) = rows.next_row(&mut row) {}
        }
    }
}
