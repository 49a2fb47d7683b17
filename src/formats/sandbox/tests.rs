use std::io::Cursor;

use schema::ProblemCode;
use schema::raw::{Columns, RawRow, Rows};
use zip::write::SimpleFileOptions;

use super::*;
use crate::write::xlsx::{Cell, Writer};

struct Read {
    columns: Columns,
    rows: Vec<RawRow>,
    fault: Option<ReadFault>,
}

impl Read {
    fn codes(&self, row: usize) -> Vec<(ProblemCode, &str, &str)> {
        self.rows[row].problems.iter().map(|p| (p.code, p.column.as_str(), p.raw.as_str())).collect()
    }

    fn values(&self, row: usize) -> Vec<(usize, &str)> {
        self.rows[row].values().collect()
    }
}

/// The child's work without a child: what it would write is read by the parent's end.
fn read(bytes: &[u8]) -> Read {
    let mut said = Vec::new();
    serve(&mut Cursor::new(bytes), &mut said).unwrap();
    hear(&said)
}

fn hear(said: &[u8]) -> Read {
    let mut out = Read { columns: Columns::default(), rows: Vec::new(), fault: None };
    let mut sheet = match SheetRows::open(Cursor::new(said), None) {
        Ok(sheet) => sheet,
        Err(fault) => return Read { fault: Some(fault), ..out },
    };
    out.columns = sheet.columns().clone();
    loop {
        let mut row = RawRow::default();
        match sheet.next_row(&mut row) {
            Ok(true) => out.rows.push(row),
            Ok(false) => return out,
            Err(fault) => {
                assert_eq!(sheet.next_row(&mut row), Err(fault.clone()), "a fault stays");
                return Read { fault: Some(fault), ..out };
            }
        }
    }
}

fn fault(bytes: &[u8]) -> String {
    let fault = read(bytes).fault.unwrap();
    assert!(!fault.ours && !fault.hint.is_empty());
    fault.what
}

fn written(header: &[&str], rows: &[&[Cell]]) -> Vec<u8> {
    let mut writer = Writer::new("Leavers", header.iter().copied()).unwrap();
    for row in rows {
        writer.cells(row.iter().copied()).unwrap();
    }
    writer.finish(Vec::new()).unwrap()
}

const WORKBOOK: &str = r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const LINKS: &str = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

/// A workbook made by hand: what no spreadsheet program would write.
fn by_hand(sheet: &str, strings: &str) -> Vec<u8> {
    archive(&[
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

const ROOT: &str = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("_rels/.rels", ROOT.as_bytes())].iter().chain(entries) {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(rows: &str) -> Vec<u8> {
    by_hand(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"), "<sst/>")
}

fn text_cell(at: &str, text: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

#[test]
fn cells_come_as_the_text_a_person_reads() {
    let book = written(
        &["UPN", "Surname", "DOB", "Year", "SEN", "UPRN"],
        &[
            &[
                Cell::Text("A1"),
                Cell::Text("Exämple"),
                Cell::Date { year: 2015, month: 2, day: 1 },
                Cell::Number(8.0),
                Cell::YesNo(true),
                Cell::Number(100_060_000_001.0),
            ],
            &[Cell::Empty],
            &[Cell::Text("0012"), Cell::Text("Example\nTwo"), Cell::Text("01/02/2015"), Cell::Number(7.5), Cell::YesNo(false), Cell::Empty],
        ],
    );
    let read = read(&book);
    assert_eq!(read.columns.names(), ["UPN", "Surname", "DOB", "Year", "SEN", "UPRN"]);
    assert_eq!(read.values(0), [(0, "A1"), (1, "Exämple"), (2, "2015-02-01"), (3, "8"), (4, "yes"), (5, "100060000001")]);
    assert_eq!(read.values(1), [(0, "0012"), (1, "Example\nTwo"), (2, "01/02/2015"), (3, "7.5"), (4, "no")]);
    let places: Vec<_> = read.rows.iter().map(|r| (r.place.row, r.place.line, r.place.sheet.as_deref())).collect();
    assert_eq!(places, [(1, 2, Some("Leavers")), (2, 4, Some("Leavers"))]);
    assert!(read.rows.iter().all(|r| r.problems.is_empty()) && read.fault.is_none());
}

#[test]
fn formula_cells_give_their_last_value_and_a_problem() {
    let formula = Cell::Formula { formula: "=A1&B1", result: "Example" };
    let read = read(&written(&["Surname", "UPN"], &[&[formula, Cell::Text("A1")]]));
    assert_eq!(read.values(0), [(0, "Example"), (1, "A1")]);
    assert_eq!(read.codes(0), [(ProblemCode::FormulaCell, "Surname", "Example")]);
    let rows = format!(
        r##"<row r="1">{}{}</row><row r="2"><c r="A2" t="e"><v>#REF!</v></c>{}</row><row r="3">{}<c r="B3" t="e"><f>A1#</f><v>#SPILL!</v></c></row>"##,
        text_cell("A1", "UPN"),
        text_cell("B1", "Name"),
        text_cell("B2", "x"),
        text_cell("A3", "y")
    );
    let read = self::read(&sheet(&rows));
    assert_eq!(read.values(0), [(0, ""), (1, "x")]);
    assert_eq!(read.codes(0), [(ProblemCode::FormulaCell, "UPN", "")]);
    assert_eq!((read.rows.len(), read.codes(1)), (2, vec![(ProblemCode::FormulaCell, "", "")]));
}

#[test]
fn formulas_that_show_nothing_make_no_row() {
    let nothing = |at: &str| format!(r#"<c r="{at}" t="str"><f>IF(X1="","",X1)</f><v></v></c>"#);
    let rows = format!(
        r#"<row r="1">{}</row><row r="2">{}</row><row r="3">{}</row><row r="4">{}</row>"#,
        text_cell("A1", "UPN"),
        nothing("A2"),
        text_cell("A3", "x"),
        nothing("A4")
    );
    assert_eq!(read(&sheet(&rows)).rows.len(), 1);
}

#[test]
fn numbers_longer_than_excel_keeps_are_marked() {
    let read = read(&written(&["ID"], &[&[Cell::Number(1_234_567_890_123_456.0)], &[Cell::Number(999_999_999_999_999.0)]]));
    assert_eq!(read.codes(0), [(ProblemCode::SpoiltIdentifier, "ID", "1234567890123456")]);
    assert!(read.rows[1].problems.is_empty());
}

#[test]
fn the_first_sheet_that_holds_anything_is_read() {
    let sheets = r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Hidden" sheetId="1" state="hidden" r:id="rId1"/><sheet name="Empty" sheetId="2" r:id="rId2"/><sheet name="Pupils" sheetId="3" r:id="rId3"/></sheets></workbook>"#;
    let links: String = (1..=3).map(|n| format!(r#"<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>"#)).collect();
    let body = |text: &str| format!("<worksheet><sheetData>{text}</sheetData></worksheet>");
    let full = |text: &str| body(&format!(r#"<row r="1">{}</row>"#, text_cell("A1", text)));
    let book = archive(&[
        ("xl/workbook.xml", sheets.as_bytes()),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships>{links}</Relationships>").as_bytes()),
        ("xl/worksheets/sheet1.xml", full("List").as_bytes()),
        ("xl/worksheets/sheet2.xml", body(r#"<row r="1"><c r="A1" s="1"/></row>"#).as_bytes()),
        ("xl/worksheets/sheet3.xml", full("UPN").as_bytes()),
    ]);
    let read = read(&book);
    assert_eq!((read.columns.names(), read.rows.len()), (["UPN".to_owned()].as_slice(), 0));
}

#[test]
fn a_cell_in_the_last_corner_takes_no_memory() {
    let rows = format!(
        r#"<row r="1">{}</row><row r="2">{}</row><row r="1048576">{}</row>"#,
        text_cell("A1", "UPN"),
        text_cell("A2", "A1"),
        text_cell("XFD1048576", "x")
    );
    let read = read(&sheet(&rows));
    assert_eq!(read.rows.iter().map(|r| r.place.line).collect::<Vec<_>>(), [2, 1_048_576]);
    assert_eq!(read.codes(1), [(ProblemCode::RaggedRow, "", "x")]);
    let wide = self::read(&sheet(&format!(r#"<row r="1">{}</row>"#, text_cell("XFD1", "UPN"))));
    assert_eq!((wide.columns.len(), wide.columns.name(16_383)), (16_384, "UPN"));
}

#[test]
fn sizes_that_the_file_declares_are_not_believed() {
    let rows = format!(r#"<row r="1">{}</row><row r="2"><c r="A2" t="s"><v>0</v></c></row>"#, text_cell("A1", "UPN"));
    let book = by_hand(
        &format!(r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>"#),
        r#"<sst count="4294967295"><si><t>A1</t></si></sst>"#,
    );
    assert_eq!(read(&book).values(0), [(0, "A1")]);
}

#[test]
fn zip_bombs_are_refused_before_they_unpack() {
    let bomb = archive(&[("xl/workbook.xml", b"x"), ("xl/worksheets/sheet1.xml", &vec![b' '; 64 << 20])]);
    assert!(bomb.len() < 1 << 20 && fault(&bomb).contains("300 times"));
    let many: Vec<String> = (0..5000).map(|n| format!("xl/{n}")).collect();
    assert!(fault(&archive(&many.iter().map(|n| (n.as_str(), &b""[..])).collect::<Vec<_>>())).contains("5001 parts"));
}

#[test]
fn archives_that_are_no_workbook_are_told_apart() {
    assert!(fault(&archive(&[("word/document.xml", b"x")])).contains("Word"));
    assert!(fault(&archive(&[("content.xml", b"x")])).contains("OpenDocument"));
    assert!(fault(&archive(&[("xl/workbook.bin", b"x")])).contains("xlsb"));
    assert!(fault(&archive(&[("pupils.csv", b"UPN\n")])).contains("zip archive"));
    assert!(fault(&sheet("")).contains("empty"));
}

#[test]
fn half_a_workbook_is_a_fault_and_never_a_panic() {
    let whole = written(&["UPN", "Surname"], &[&[Cell::Text("A1"), Cell::Text("Example")]]);
    for end in (0..whole.len()).step_by(97) {
        assert!(fault(&whole[..end]).contains("damaged"));
    }
}

#[test]
fn a_sheet_that_breaks_off_gives_its_good_rows() {
    let sheet = format!(
        r#"<worksheet><sheetData><row r="1">{}</row><row r="2">{}</row><row r="3"><c r="A3"#,
        text_cell("A1", "UPN"),
        text_cell("A2", "A1")
    );
    let read = read(&by_hand(&sheet, "<sst/>"));
    let fault = read.fault.unwrap();
    assert!(read.rows.len() <= 1 && fault.what.contains("damaged") && !fault.to_string().contains("A1"));
}

#[test]
fn long_cells_are_kept_and_longer_ones_cut() {
    let long = "x".repeat(10_000);
    let rows = |text: &str| sheet(&format!(r#"<row r="1">{}</row><row r="2">{}</row>"#, text_cell("A1", "UPN"), text_cell("A2", text)));
    assert_eq!(read(&rows(&long)).values(0), [(0, &*long)]);
    let cut = read(&rows(&"x".repeat(crate::MAX_VALUE + 1)));
    assert_eq!((cut.rows[0].get(0).unwrap().len(), cut.rows[0].problems[0].code), (crate::MAX_VALUE, ProblemCode::TooLong));
}

#[test]
fn times_and_dates_do_not_depend_on_the_computer() {
    let styles =
        r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="46"/></cellXfs></styleSheet>"#;
    let cells: String =
        [("A2", 1, "42036"), ("B2", 2, "42036.25"), ("C2", 3, "1.5"), ("D2", 2, "0.5"), ("E2", 1, "-3"), ("F2", 1, "9999999")]
            .map(|(at, style, value)| format!(r#"<c r="{at}" s="{style}"><v>{value}</v></c>"#))
            .concat();
    let header: String = ["A1", "B1", "C1", "D1", "E1", "F1"].map(|at| text_cell(at, at)).concat();
    let links = LINKS.replace("</Relationships>", r#"<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#);
    let book = archive(&[
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/sharedStrings.xml", b"<sst/>"),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData><row>{header}</row><row>{cells}</row></sheetData></worksheet>").as_bytes(),
        ),
    ]);
    assert_eq!(
        read(&book).values(0).iter().map(|(_, v)| *v).collect::<Vec<_>>(),
        ["2015-02-01", "2015-02-01T06:00:00", "36:00:00", "12:00:00", "-3", "9999999"]
    );
}

#[test]
fn a_child_that_talks_nonsense_is_our_fault_and_never_a_panic() {
    let mut said = Vec::new();
    serve(&mut Cursor::new(written(&["A"], &[&[Cell::Text("x")]])), &mut said).unwrap();
    for at in 0..said.len() {
        for byte in [0, 1, 0x7F, 0xFF] {
            let mut changed = said.clone();
            changed[at] = byte;
            hear(&changed);
        }
        let cut = hear(&said[..at]);
        assert!(cut.fault.is_some());
    }
    assert!(hear(b"running 1 test").fault.unwrap().ours);
}
