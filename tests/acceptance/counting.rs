//! Rows of files as somebody else counts them: Python's csv module, its readers of JSON, XML and zip files.

use std::path::PathBuf;
use std::process::Command;

const COUNT: &str = r#"
import csv, io, json, sys, zipfile, xml.etree.ElementTree as E
csv.field_size_limit(1 << 30)
n = 0
for path in sys.argv[1:]:
    raw = open(path, "rb").read()
    if path.endswith(".xml"):
        n += sum(1 for e in E.fromstring(raw) if e.tag == "Record")
    elif path.endswith(".xlsx"):
        sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
        n += sum(1 for e in E.fromstring(sheet).iter() if e.tag.endswith("}row")) - 1
    elif path.endswith(".jsonl"):
        n += sum(1 for line in raw.splitlines() if json.loads(line or b"null"))
    elif path.endswith(".json"):
        objects = json.loads(raw)
        n += len(objects) if isinstance(objects, list) else 1
    else:
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"): text = raw.decode("utf-16")
        else:
            try: text = raw.decode("utf-8-sig")
            except UnicodeDecodeError: text = raw.decode("latin-1")
        n += sum(1 for row in csv.reader(io.StringIO(text, newline="")) if any(c.strip() for c in row)) - 1
print(n)
"#;

/// How many rows the files have, without headers and blank lines.
#[track_caller]
pub fn rows_of(files: &[PathBuf]) -> u64 {
    let output = Command::new("python3").arg("-c").arg(COUNT).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}
