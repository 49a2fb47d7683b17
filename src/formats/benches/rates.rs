//! How fast files are read, beside the bare libraries on the same bytes: `cargo bench -p formats`, or of one kind: `-- csv`, `-- xml`, `-- xlsx`; a number: so many rows.
//! Prints rates and ratios; nothing here passes or fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::io::{Cursor, Read};
use std::sync::Arc;
use std::time::Instant;

use formats::{Sandbox, read, write};
use schema::raw::{Bytes, RawRow, Rows};

const HEADER: [&str; 20] = [
    "Adno",
    "UPN",
    "Legal Surname",
    "Legal Forename",
    "Middle Names",
    "DOB",
    "Gender",
    "Year",
    "Reg",
    "Date of Admission",
    "Date of Leaving",
    "Reason for Leaving",
    "Destination Institution",
    "House No",
    "Street",
    "Town",
    "Post Code",
    "UPRN",
    "Ethnicity",
    "Last Attended",
];
const FORENAMES: [&str; 10] = ["Ada", "Sam", "Zoë", "Mohammed", "Agnieszka", "Ion", "Wei", "Ayaan", "Siobhán", "Jack"];

/// How often each reading is repeated: the best time counts, so that other work on the machine disturbs less.
const RUNS: usize = 7;

/// Bytes that are shared, not copied, each time they are opened.
struct Shared(Arc<[u8]>);

impl Bytes for Shared {
    fn open(&self) -> std::io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(Arc::clone(&self.0))))
    }
    fn len(&self) -> u64 {
        self.0.len() as u64
    }
}

/// One pupil of an invented council, as a school's export has it.
fn pupil(n: usize, row: &mut [String; 20]) {
    for value in row.iter_mut() {
        value.clear();
    }
    let [
        adno,
        upn,
        surname,
        forename,
        middle,
        dob,
        gender,
        year,
        reg,
        admitted,
        left,
        reason,
        _,
        house,
        street,
        town,
        postcode,
        uprn,
        ethnicity,
        last,
    ] = row;
    let _ = write!(adno, "{n:06}");
    let _ = write!(upn, "G8524{:03}{:05}", n % 300, n % 100_000);
    let _ = write!(surname, "Example{}", ["", "son", "ford", "ley"][n % 4]);
    forename.push_str(FORENAMES[n * 7 % 10]);
    middle.push_str(if n.is_multiple_of(3) { "" } else { FORENAMES[n * 3 % 10] });
    let _ = write!(dob, "{:02}/{:02}/{}", n % 28 + 1, n % 12 + 1, 2010 + n % 11);
    gender.push(if n.is_multiple_of(2) { 'M' } else { 'F' });
    let _ = write!(year, "{}", n % 12);
    let _ = write!(reg, "{}AB", n % 12);
    admitted.push_str("04/09/2024");
    if n.is_multiple_of(20) {
        left.push_str("17/10/2026");
        reason.push_str("Moved");
    }
    let _ = write!(house, "{}", n / 3 % 200 + 1);
    let _ = write!(street, "Street {}", n / 600 % 500);
    town.push_str("Southampton");
    let _ = write!(postcode, "SO{} {}AB", 14 + n / 3 % 6, n / 18 % 10);
    let _ = write!(uprn, "{}", 100_060_000_000u64 + n as u64 / 3);
    ethnicity.push_str("WBRI");
    last.push_str("16/10/2026");
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some("sandbox") {
        std::process::exit(formats::sandbox::child_main());
    }
    let rows: usize = std::env::args().filter_map(|a| a.parse().ok()).next().unwrap_or(500_000);
    let only = |part: &str| std::env::args().skip(1).any(|a| a == part);
    println!("{rows} rows of 20 columns\n");
    let all = !["csv", "xml", "xlsx"].into_iter().any(only);
    if all || only("csv") {
        csv_rates(rows);
    }
    if all || only("xml") {
        xml_rates(rows);
    }
    if all || only("xlsx") {
        workbook(rows.min(50_000));
    }
}

fn csv_rates(rows: usize) {
    let text = csv_text(rows, write::csv::Encoding::Utf8);
    let bare = bare_csv(&text);
    report("CSV, the csv library alone", text.0.len(), rows, bare, None);
    report("CSV, ours, UTF-8", text.0.len(), rows, drain(|| read::csv::open(&text).unwrap()), Some(bare));
    let narrow = csv_text(rows, write::csv::Encoding::Windows1252);
    report("CSV, ours, Windows-1252", narrow.0.len(), rows, drain(|| read::csv::open(&narrow).unwrap()), Some(bare));
    let wide = csv_text(rows, write::csv::Encoding::Utf16);
    report("CSV, ours, UTF-16", wide.0.len(), rows, drain(|| read::csv::open(&wide).unwrap()), Some(bare));
}

fn xml_rates(rows: usize) {
    let xml = xml_text(rows);
    let bare = bare_xml(&xml);
    report("SIMS XML, quick-xml events alone", xml.0.len(), rows, bare, None);
    report("SIMS XML, ours", xml.0.len(), rows, drain(|| read::superstar::open(&xml).unwrap()), Some(bare));
}

/// Reads everything [`RUNS`] times; seconds of the best.
fn drain<R: Rows>(open: impl Fn() -> R) -> f64 {
    best(|| {
        let mut reader = open();
        let mut row = RawRow::default();
        let mut seen = 0u64;
        while reader.next_row(&mut row).unwrap() {
            seen += row.get(1).map_or(0, str::len) as u64;
        }
        seen
    })
}

fn best(run: impl Fn() -> u64) -> f64 {
    (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(run());
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

fn report(what: &str, bytes: usize, rows: usize, seconds: f64, bare: Option<f64>) {
    let ratio = bare.map_or_else(String::new, |bare| format!("  {:.2} times the library's time", seconds / bare));
    println!("{what:<36} {:>6.0} MB/s  {:>9.0} rows/s{ratio}", bytes as f64 / 1e6 / seconds, rows as f64 / seconds);
}

fn csv_text(rows: usize, encoding: write::csv::Encoding) -> Shared {
    let style = write::csv::Style { encoding, ..write::csv::Style::default() };
    let mut writer = write::csv::Writer::new(Vec::new(), style, HEADER).unwrap();
    let mut row = Default::default();
    for n in 0..rows {
        pupil(n, &mut row);
        writer.row(row.iter().map(String::as_str)).unwrap();
    }
    Shared(writer.finish().unwrap().into())
}

fn xml_text(rows: usize) -> Shared {
    let mut writer = write::superstar::Writer::new(Vec::new(), HEADER).unwrap();
    let mut row = Default::default();
    for n in 0..rows {
        pupil(n, &mut row);
        writer.row(row.iter().map(String::as_str)).unwrap();
    }
    Shared(writer.finish().unwrap().into())
}

fn bare_csv(text: &Shared) -> f64 {
    best(|| {
        let mut reader = csv::ReaderBuilder::new().buffer_capacity(128 << 10).from_reader(text.open().unwrap());
        let mut record = csv::ByteRecord::new();
        let mut seen = 0;
        while reader.read_byte_record(&mut record).unwrap() {
            seen += record.get(1).map_or(0, <[u8]>::len) as u64;
        }
        seen
    })
}

fn bare_xml(text: &Shared) -> f64 {
    best(|| {
        let mut reader = quick_xml::Reader::from_reader(std::io::BufReader::with_capacity(128 << 10, text.open().unwrap()));
        let mut buffer = Vec::new();
        let mut seen = 0;
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).unwrap() {
                quick_xml::events::Event::Eof => return seen,
                _ => seen += 1,
            }
        }
    })
}

/// The whole way through a real child: this program started again.
fn workbook(rows: usize) {
    let mut writer = write::xlsx::Writer::new("Pupils", HEADER).unwrap();
    let mut row = Default::default();
    for n in 0..rows {
        pupil(n, &mut row);
        writer.row(row.iter().map(String::as_str)).unwrap();
    }
    let bytes = Shared(writer.finish(Vec::new()).unwrap().into());
    let sandbox = Sandbox { program: std::env::current_exe().unwrap(), args: vec!["sandbox".into()] };
    let seconds = drain(|| read::xlsx::open(&bytes, &sandbox).unwrap());
    report("Excel workbook, in the sandbox", bytes.0.len(), rows, seconds, None);
}
