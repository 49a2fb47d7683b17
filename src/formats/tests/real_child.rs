//! The sandbox with a real child process: this test's own program, started again with the argument `sandbox`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Cursor, Write};

use formats::{Sandbox, open};
use schema::raw::{RawRow, ReadFault};

type Story = (&'static str, fn());

const STORIES: &[Story] = &[
    ("a workbook is read by a real child", a_workbook_is_read_by_a_real_child),
    ("a reader that stops early leaves no child behind", a_reader_that_stops_early_leaves_no_child_behind),
    ("a workbook that needs too much memory ends the child only", a_workbook_that_needs_too_much_memory_ends_the_child_only),
    ("a count that the file declares ends the child only", a_count_that_the_file_declares_ends_the_child_only),
    ("a child that cannot be started is our fault", a_child_that_cannot_be_started_is_our_fault),
    ("a child that says nothing is explained", a_child_that_says_nothing_is_explained),
    ("a file larger than the sandbox takes is refused at once", a_file_larger_than_the_sandbox_takes_is_refused_at_once),
    ("the child gets nothing of our environment", the_child_gets_nothing_of_our_environment),
];

fn main() {
    if std::env::args().nth(1).as_deref() == Some("sandbox") {
        std::process::exit(formats::sandbox::child_main());
    }
    for (name, story) in STORIES {
        story();
        println!("{name} ... ok");
    }
}

fn sandbox() -> Sandbox {
    Sandbox { program: std::env::current_exe().unwrap(), args: vec!["sandbox".into()] }
}

fn workbook(rows: usize) -> Vec<u8> {
    let mut writer = formats::write::xlsx::Writer::new("Pupils", ["UPN", "Surname"]).unwrap();
    for n in 0..rows {
        writer.row([format!("A{n}").as_str(), "Example"]).unwrap();
    }
    writer.finish(Vec::new()).unwrap()
}

fn read(bytes: Vec<u8>) -> Result<u64, ReadFault> {
    let mut rows = open(&bytes, &sandbox())?;
    let mut row = RawRow::default();
    let mut count = 0;
    while rows.next_row(&mut row)? {
        assert_eq!(row.get(0).unwrap(), format!("A{count}"));
        count += 1;
        assert_eq!((row.place.row, row.place.line), (count, count + 1));
    }
    Ok(count)
}

fn a_workbook_is_read_by_a_real_child() {
    assert_eq!(read(workbook(20_000)), Ok(20_000));
    assert!(read(b"PK\x03\x04 broken".to_vec()).unwrap_err().what.contains("damaged"));
}

fn a_reader_that_stops_early_leaves_no_child_behind() {
    let mut rows = open(&workbook(20_000), &sandbox()).unwrap();
    let mut row = RawRow::default();
    assert!(rows.next_row(&mut row).unwrap());
    drop(rows);
    #[cfg(target_os = "linux")]
    {
        let me = std::process::id().to_string();
        let children = std::fs::read_to_string(format!("/proc/{me}/task/{me}/children")).unwrap_or_default();
        assert_eq!(children.trim(), "");
    }
}

/// Shared strings are the one part that the library holds in memory: 900 MB of them, each different, in a small file.
fn a_workbook_that_needs_too_much_memory_ends_the_child_only() {
    let bytes = with_strings(&mut |out| {
        let text = "Example ".repeat(100);
        out.write_all(b"<sst>").unwrap();
        for n in 0..900_000 {
            write!(out, "<si><t>{n}{text}</t></si>").unwrap();
        }
        out.write_all(b"</sst>").unwrap();
    });
    assert!(bytes.len() < 64 << 20);
    let fault = read(bytes).unwrap_err();
    assert!(fault.what.contains("512 MiB") && !fault.ours, "{fault}");
}

/// The library sets so much memory aside before it reads the first string.
fn a_count_that_the_file_declares_ends_the_child_only() {
    let bytes = with_strings(&mut |out| out.write_all(br#"<sst uniqueCount="4294967295"><si><t>A1</t></si></sst>"#).unwrap());
    let fault = read(bytes).unwrap_err();
    assert!(fault.what.contains("512 MiB") && !fault.ours, "{fault}");
}

/// A workbook without sheets, with these shared strings.
fn with_strings(strings: &mut dyn FnMut(&mut dyn Write)) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
    let links = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    for (name, text) in [
        ("_rels/.rels", links),
        ("xl/_rels/workbook.xml.rels", "<Relationships></Relationships>"),
        ("xl/workbook.xml", "<workbook></workbook>"),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/sharedStrings.xml", options).unwrap();
    strings(&mut zip);
    zip.finish().unwrap().into_inner()
}

fn a_child_that_cannot_be_started_is_our_fault() {
    let nowhere = Sandbox { program: "/nowhere/onroll".into(), args: Vec::new() };
    let fault = open(&workbook(1), &nowhere).err().unwrap();
    assert!(fault.ours && !fault.what.contains("nowhere"));
}

fn a_child_that_says_nothing_is_explained() {
    let silent = Sandbox { program: "true".into(), args: Vec::new() };
    assert!(open(&workbook(5000), &silent).err().unwrap().what.contains("damaged"));
}

fn a_file_larger_than_the_sandbox_takes_is_refused_at_once() {
    let mut bytes = workbook(1);
    bytes.resize((formats::MAX_WORKBOOK + 1) as usize, 0);
    assert!(read(bytes).unwrap_err().what.contains("64 MiB"));
}

fn the_child_gets_nothing_of_our_environment() {
    let shell = Sandbox {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), "test -z \"$HOME$USER$CARGO_MANIFEST_DIR\" && cat >/dev/null && kill -9 $$".into()],
    };
    assert!(open(&workbook(1), &shell).err().unwrap().what.contains("seconds"));
}
