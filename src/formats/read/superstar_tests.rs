use proptest::prelude::*;

use super::*;
use crate::write;

fn rows(bytes: impl Into<Vec<u8>>) -> (Vec<String>, Vec<RawRow>, Option<ReadFault>) {
    let mut reader = match open(&bytes.into()) {
        Ok(reader) => reader,
        Err(fault) => return (Vec::new(), Vec::new(), Some(fault)),
    };
    let mut out = Vec::new();
    let fault = loop {
        let mut row = RawRow::default();
        match reader.next_row(&mut row) {
            Ok(true) => out.push(row),
            Ok(false) => break None,
            Err(fault) => break Some(fault),
        }
    };
    (reader.columns().names().to_vec(), out, fault)
}

fn fault(text: &str) -> ReadFault {
    let fault = rows(text).2.unwrap();
    assert!(!fault.hint.is_empty());
    fault
}

fn in_record(inner: &str) -> String {
    format!("<SuperStarReport><Record>{inner}</Record></SuperStarReport>")
}

#[test]
fn a_report_of_sims_is_read() {
    let text = "<?xml version=\"1.0\"?>\r\n<SuperStarReport>\r\n  <Record><primary_id>4312</primary_id><UPN>G852400120001</UPN>\
        <Legal_x0020_Surname>O&apos;Example &amp; S&#246;n</Legal_x0020_Surname><Year>Year  8</Year></Record>\r\n  <Record><primary_id>4313</primary_id>\
        <Year><![CDATA[<7>]]></Year><SEN_x003F_/></Record>\r\n</SuperStarReport>\r\n";
    let (columns, rows, fault) = rows(text);
    assert_eq!(columns, ["primary_id", "UPN", "Legal Surname", "Year", "SEN?"]);
    assert_eq!(rows[0].values().map(|(_, v)| v).collect::<Vec<_>>(), ["4312", "G852400120001", "O'Example & Sön", "Year  8"]);
    assert_eq!(rows[1].values().collect::<Vec<_>>(), [(0, "4313"), (3, "<7>"), (4, "")]);
    assert_eq!(rows.iter().map(|r| (r.place.row, r.place.line)).collect::<Vec<_>>(), [(1, 3), (2, 4)]);
    assert!(fault.is_none());
}

#[test]
fn columns_met_late_are_added_at_the_end() {
    let mut text = String::from("<SuperStarReport>");
    for n in 0..300 {
        text.push_str(&format!("<Record><ID>{n}</ID>{}</Record>", if n == 250 { "<Late>x</Late>" } else { "" }));
    }
    text.push_str("</SuperStarReport>");
    let mut reader = open(&text.into_bytes()).unwrap();
    assert_eq!(reader.columns().len(), 1);
    let mut row = RawRow::default();
    let mut count = 0;
    while reader.next_row(&mut row).unwrap() {
        assert_eq!(row.get(0), Some(&*count.to_string()));
        count += 1;
    }
    assert_eq!((count, reader.columns().names().last().unwrap().as_str()), (300, "Late"));
}

#[test]
fn a_column_that_stands_twice_in_a_record_loses_nothing() {
    let (columns, rows, _) = rows(in_record("<Phone>1</Phone><Phone>2</Phone><ID>3</ID><Phone>4</Phone>"));
    assert_eq!(columns, ["Phone", "Phone (2)", "ID", "Phone (3)"]);
    assert_eq!(rows[0].values().map(|(_, v)| v).collect::<Vec<_>>(), ["1", "2", "3", "4"]);
}

#[test]
fn half_a_file_gives_its_good_rows_and_a_fault() {
    let whole = "<SuperStarReport>\n<Record><ID>1</ID></Record>\n<Record><ID>2</ID></Record>\n</SuperStarReport>";
    let first = whole.find("</Record>").unwrap() + "</Record>".len();
    for end in first..whole.len() {
        let (_, rows, fault) = rows(&whole.as_bytes()[..end]);
        assert!((1..=2).contains(&rows.len()));
        assert!(fault.unwrap().what.contains("breaks off"), "cut at {end}");
    }
    for end in 1..first {
        assert!(open(&whole.as_bytes()[..end].to_vec()).is_err());
    }
}

#[test]
fn a_report_of_nobody_has_no_rows() {
    for text in ["<SuperStarReport/>", "<SuperStarReport></SuperStarReport>", "\u{FEFF}<SuperStarReport>\n</SuperStarReport>\n"] {
        let (columns, rows, fault) = rows(text);
        assert_eq!((columns.len(), rows.len(), fault), (0, 0, None));
    }
}

#[test]
fn broken_xml_names_its_line_and_no_value() {
    let text = "<SuperStarReport>\n<Record><ID>1</ID></Record>\n<Record><Surname>Example</Forename></Record>\n</SuperStarReport>";
    let (_, good, fault) = rows(text);
    assert_eq!(good.len(), 1);
    let fault = fault.unwrap();
    assert_eq!(fault.line, Some(3));
    assert!(!fault.to_string().contains("Example") && !fault.to_string().contains("Forename"));
    assert!(super::tests::fault(&in_record("<A>B & C</A>")).what.contains('&'));
    assert!(super::tests::fault(&in_record("<A>x</A></B>")).what.contains("broken"));
}

#[test]
fn entity_bombs_are_refused() {
    let bomb = "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<SuperStarReport><Record><A>&b;</A></Record></SuperStarReport>";
    assert!(fault(bomb).what.contains("DOCTYPE"));
    for reference in ["&b;", "&nbsp;", "&#0;", "&#xD800;", "&#99999999;", "&#x;", "&;"] {
        assert!(fault(&in_record(&format!("<A>{reference}</A>"))).what.contains("entity"), "{reference}");
    }
}

#[test]
fn xml_that_is_no_report_is_refused() {
    assert!(fault("<Students><Record/></Students>").what.contains("not a SIMS report"));
    assert!(fault("<SuperStarReport><Pupil><ID>1</ID></Pupil></SuperStarReport>").what.contains("no Record"));
    assert!(fault(&in_record("<A><B>1</B></A>")).what.contains("further elements"));
    assert!(fault("<SuperStarReport>hello<Record/></SuperStarReport>").what.contains("should begin"));
    assert!(fault("<SuperStarReport/><SuperStarReport/>").what.contains("second report"));
    assert!(fault("").what.contains("no root"));
    let deep = format!("<SuperStarReport>{}", "<x>".repeat(100_000));
    assert!(fault(&deep).what.contains("too deep"));
}

#[test]
fn what_surrounds_the_records_is_stepped_over() {
    let text = "<SuperStarReport><xs:schema><xs:element name='x'><y>z</y></xs:element></xs:schema><!-- c --><?p i?>\
        <Record><A>1</A></Record></SuperStarReport>\r\nReport finished.";
    let (columns, rows, fault) = rows(text);
    assert_eq!((columns, rows.len(), fault), (vec!["A".to_owned()], 1, None));
}

#[test]
fn text_between_columns_is_kept_as_a_problem() {
    let (_, rows, _) = rows(in_record("<A>1</A>stray<B>2</B>"));
    assert_eq!((rows[0].problems[0].code, rows[0].problems[0].raw.as_str()), (ProblemCode::RaggedRow, "stray"));
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let plain = in_record("<A>Zoë</A><B>Siobhán</B>");
    let utf16: Vec<u8> =
        format!("\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-16\"?>{plain}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
    let declared = latin(&format!("<?xml version='1.0' encoding='Windows-1252'?>{plain}"));
    let wrongly = latin(&format!("<?xml version='1.0' encoding='utf-8'?>{plain}"));
    let marked = format!("\u{FEFF}{plain}").into_bytes();
    for bytes in [plain.clone().into_bytes(), utf16, declared, wrongly, marked] {
        let (_, rows, fault) = rows(bytes);
        assert_eq!((rows[0].get(0), rows[0].get(1), fault), (Some("Zoë"), Some("Siobhán"), None));
        assert!(rows[0].problems.is_empty());
    }
    let torn = [b"<SuperStarReport><Record><A>Zo\xC3\xAB \xC3\xAB</A><B>\xE9</B></Record></SuperStarReport>".to_vec()].concat();
    let (_, rows, _) = rows(torn);
    assert_eq!((rows[0].problems[0].code, rows[0].problems[0].column.as_str()), (ProblemCode::BadEncoding, "B"));
}

#[test]
fn sizes_are_limited() {
    let long = "x".repeat(10_000);
    assert_eq!(rows(in_record(&format!("<A>{long}</A>"))).1[0].get(0), Some(&*long));
    let huge = "é&amp;".repeat(MAX_VALUE / 3 + 1000);
    let (_, cut, _) = rows(in_record(&format!("<A>{huge}</A><B>1</B>")));
    assert_eq!((cut[0].problems[0].code, cut[0].get(1)), (ProblemCode::TooLong, Some("1")));
    assert!(cut[0].get(0).unwrap().len() <= MAX_VALUE);
    let endless_tag = format!("<SuperStarReport><Record a='{}'/></SuperStarReport>", "x".repeat(MAX_ROW + (1 << 20)));
    assert!(fault(&endless_tag).what.contains("16 MiB"));
    let many = in_record(&format!("<A>{}</A>", "y".repeat(1 << 20)).repeat(17));
    assert!(fault(&many).what.contains("16 MiB"));
    let wide: String = (0..=MAX_COLUMNS).map(|n| format!("<C{n}>1</C{n}>")).collect();
    assert!(fault(&in_record(&wide)).what.contains("columns"));
}

#[test]
fn eight_hundred_thousand_attributes_take_no_time() {
    let attributes: String = (0..800_000).map(|n| format!(" a{n}='1'")).collect();
    let (_, rows, fault) = rows(format!("<SuperStarReport><Record{attributes}><A>1</A></Record></SuperStarReport>"));
    assert_eq!((rows.len(), fault), (1, None));
}

/// 24 MiB that exist only while they are read.
#[test]
fn memory_does_not_grow_with_the_file() {
    const RECORD: &[u8] = b"<Record><ID>1</ID><Surname>Example</Surname></Record>\n";
    struct Endless;
    struct Lines(usize);
    impl std::io::Read for Lines {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let count = out.len().min((24 << 20) / RECORD.len() * RECORD.len() - self.0);
            for byte in &mut out[..count] {
                *byte = RECORD[self.0 % RECORD.len()];
                self.0 += 1;
            }
            Ok(count)
        }
    }
    impl Bytes for Endless {
        fn open(&self) -> std::io::Result<Box<dyn std::io::Read + Send>> {
            use std::io::Read;
            Ok(Box::new(b"<SuperStarReport>".chain(Lines(0)).chain(&b"</SuperStarReport>"[..])))
        }
        fn len(&self) -> u64 {
            24 << 20
        }
    }
    let mut reader = open(&Endless).unwrap();
    let mut row = RawRow::default();
    let mut count = 0;
    while reader.next_row(&mut row).unwrap() {
        count += 1;
    }
    assert_eq!(count, (24 << 20) / RECORD.len());
    assert!(reader.records.buffer.capacity() < 1 << 16 && reader.records.reader.get_ref().capacity() < 2 << 20);
}

/// Columns are read by two ways, a plain one and the parser's: both must give the same, however the text is laid out.
#[test]
fn the_layout_of_a_record_does_not_matter() {
    let layouts = [
        "<A>1</A><B>x y</B><C>é</C>",
        "\n  <A>1</A>\n  <B>x y</B>\n  <C>é</C>\n",
        "<A >1</A><B>x&#32;y</B><C>é</C >",
        "<!-- c --><A>1</A><?p?><B>x<!-- --> y</B><C><![CDATA[é]]></C>",
    ];
    let text: String = layouts.iter().cycle().take(5000).map(|l| format!("<Record>{l}</Record>")).collect();
    let (columns, rows, fault) = rows(format!("<SuperStarReport>{text}</SuperStarReport>"));
    assert_eq!((columns.as_slice(), rows.len(), fault), (["A", "B", "C"].map(String::from).as_slice(), 5000, None));
    for row in rows {
        assert_eq!(row.values().map(|(_, v)| v).collect::<Vec<_>>(), ["1", "x y", "é"]);
    }
}

#[test]
fn a_name_that_begins_another_is_not_taken_for_it() {
    let (columns, rows, _) =
        rows(in_record("<A>1</A><AB>2</AB>").replace("</SuperStarReport>", "<Record><AB>3</AB><A>4</A></Record></SuperStarReport>"));
    assert_eq!(columns, ["A", "AB"]);
    assert_eq!(rows[1].values().collect::<Vec<_>>(), [(0, "4"), (1, "3")]);
    let (_, rows, fault) = self::rows("<SuperStarReport><Record><A>1</A></Record><Record><A>2</AB></Record></SuperStarReport>");
    assert_eq!((rows.len(), fault.unwrap().line), (1, Some(1)));
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(rows_in in proptest::collection::vec(proptest::collection::vec("[a-zA-Z<>&\"' \r\n\t\u{1}ë😀]{0,10}", 3), 0..8)) {
        let mut bytes = Vec::new();
        let mut writer = write::superstar::Writer::new(&mut bytes, ["primary_id", "Legal Surname", "SEN?"]).unwrap();
        for row in &rows_in {
            writer.row(row.iter().map(String::as_str)).unwrap();
        }
        writer.finish().unwrap();
        let (columns, read, fault) = rows(bytes);
        prop_assert_eq!(fault, None);
        prop_assert_eq!(read.len(), rows_in.len());
        for (row, expected) in read.iter().zip(&rows_in) {
            for (heading, value) in ["primary_id", "Legal Surname", "SEN?"].iter().zip(expected) {
                let got = columns.iter().position(|c| c == heading).and_then(|c| row.get(c)).unwrap_or_default();
                prop_assert_eq!(got, value);
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(pieces in proptest::collection::vec(prop_oneof![
        prop::sample::select(vec!["<Record>", "</Record>", "<A>", "</A>", "<A/>", "&amp;", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "<?p", "?>", "<", ">", "&", "</SuperStarReport>"]).prop_map(|s| s.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..6),
    ], 0..40)) {
        let bytes = [b"<SuperStarReport>".to_vec(), pieces.concat()].concat();
        let _ = rows(bytes);
    }
}
