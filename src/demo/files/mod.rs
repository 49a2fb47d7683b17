//! The files of a night, in drop folders, each in its system's own shape.

mod cells;
mod housing;
mod lists;
mod one;
mod sims;

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use formats::write::csv::{Encoding, Style};
use formats::write::{csv, superstar, xlsx};

use crate::council::Council;
use crate::days::today;
use crate::life::Life;
use crate::noise::{Noise, Whole};
use crate::school::Form;
use crate::{DemoError, Options};

/// What was written.
#[derive(Debug, Default)]
pub struct Written {
    /// Files.
    pub files: u64,
    /// Rows without headers.
    pub rows: u64,
}

/// The drop folders while they are filled.
struct Drop<'a> {
    council: &'a Council,
    lives: &'a [Life],
    options: &'a Options,
    dir: &'a Path,
    written: Written,
}

/// Writes all files.
///
/// # Errors
/// A file cannot be written.
pub fn write(
    council: &Council,
    lives: &[Life],
    options: &Options,
    dir: &Path,
    progress: &mut dyn FnMut(&str, u64, u64),
) -> Result<Written, DemoError> {
    let mut drop = Drop { council, lives, options, dir, written: Written::default() };
    let of = council.sources.len() as u64;
    for source in &council.sources {
        let folder = dir.join("drop").join(&source.id);
        std::fs::create_dir_all(&folder).map_err(|e| DemoError::Write(folder, e))?;
    }
    one::write(&mut drop)?;
    progress("files", 1, of);
    lists::write(&mut drop)?;
    housing::write(&mut drop)?;
    progress("files", council.sources.iter().filter(|s| s.connector != "sims").count() as u64, of);
    sims::write(&mut drop, progress)?;
    progress("files", of, of);
    Ok(drop.written)
}

/// A file while it is written.
struct Table {
    path: PathBuf,
    out: Out,
    noise: Noise,
    form: Form,
    rows: u64,
    number: u64,
}

enum Out {
    Csv(csv::Writer<BufWriter<File>>),
    Xml(superstar::Writer<BufWriter<File>>),
    Xlsx(Box<xlsx::Writer>, BufWriter<File>),
}

impl Drop<'_> {
    /// Begins a file in a source's folder.
    fn begin(&mut self, source: usize, name: &str, form: Form, headings: &[&str]) -> Result<Table, DemoError> {
        let path = self.dir.join("drop").join(&self.council.sources[source].id).join(name);
        self.written.files += 1;
        let connector = self.council.sources[source].connector;
        let mut noise = Noise::new(self.options.seed, self.written.files, self.options.noise, headings);
        let mut out = || -> io::Result<Out> {
            let file = BufWriter::with_capacity(1 << 16, File::create(&path)?);
            Ok(match form {
                Form::Csv => Out::Csv(csv::Writer::new(file, style(connector, &mut noise), headings.iter().copied())?),
                Form::Xml => Out::Xml(superstar::Writer::new(file, headings.iter().copied())?),
                Form::Xlsx => Out::Xlsx(Box::new(xlsx::Writer::new("Report", headings.iter().copied())?), file),
            })
        };
        let out = out().map_err(|e| DemoError::Write(path.clone(), e))?;
        Ok(Table { path, out, noise, form, rows: 0, number: self.written.files })
    }

    /// Ends a file.
    fn end(&mut self, table: Table) -> Result<(), DemoError> {
        self.written.rows += table.rows;
        match table.out {
            Out::Csv(out) => out.finish().map(|_| ()),
            Out::Xml(out) => out.finish().map(|_| ()),
            Out::Xlsx(out, file) => out.finish(file).map(|_| ()),
        }
        .and_then(|()| stamp(&table.path, table.number))
        .map_err(|e| DemoError::Write(table.path, e))
    }

    /// Writes a file that is made as a whole.
    fn text(&mut self, source: usize, name: &str, text: &str, rows: usize) -> Result<(), DemoError> {
        let path = self.dir.join("drop").join(&self.council.sources[source].id).join(name);
        self.written.files += 1;
        self.written.rows += rows as u64;
        std::fs::write(&path, text).and_then(|()| stamp(&path, self.written.files)).map_err(|e| DemoError::Write(path, e))
    }

    /// A small file with noise of a file as a whole, such as a list that has not come.
    fn comes(&mut self, share_late: f64) -> bool {
        let mut noise = Noise::new(self.options.seed, 1_000_000 + self.written.files, self.options.noise, &[]);
        !noise.happens(share_late)
    }
}

/// Gives a file the time at which it would have come: from five in the morning of the demo's date one each second, so that two
/// demos of one seed are taken in the same order.
fn stamp(path: &Path, number: u64) -> io::Result<()> {
    let morning = today().and_hms_opt(5, 0, 0).unwrap_or_default().and_utc().timestamp();
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(morning.unsigned_abs() + number);
    File::options().write(true).open(path)?.set_modified(at)
}

/// UTF-8 as a rule; with noise, what Excel makes of a school's report now and then. (Windows-1252 has no letter for a good
/// part of the Polish and Romanian names: it would spoil a whole council's file, not one school's.)
fn style(connector: &str, noise: &mut Noise) -> Style {
    let mut style = Style::default();
    if connector == "sims" && noise.happens(0.2) {
        style.encoding = Encoding::Windows1252;
    } else if connector != "capita-one" && noise.happens(0.06) {
        style = Style { delimiter: '\t', encoding: Encoding::Utf16 };
    } else if noise.happens(0.1) {
        style = Style { delimiter: ';', encoding: Encoding::Utf8WithMark };
    }
    style
}

impl Table {
    /// Writes one row, with what noise makes of it.
    fn row(&mut self, cells: &mut [String]) -> Result<(), DemoError> {
        let whole = self.noise.spoil(cells);
        let result = match whole {
            Whole::Twice => self.put(cells).and_then(|()| self.put(cells)),
            // The first row stays whole: the date of a list is read from it.
            Whole::Short if self.form == Form::Csv && self.rows > 0 => {
                let length = self.noise.short_length(cells.len());
                self.put(&cells[..length])
            }
            Whole::Long if self.form == Form::Csv => {
                let mut long = cells.to_vec();
                long.push("x".to_owned());
                self.put(&long)
            }
            _ => self.put(cells),
        };
        result.map_err(|e| DemoError::Write(self.path.clone(), e))
    }

    fn put(&mut self, cells: &[String]) -> io::Result<()> {
        self.rows += 1;
        let values = cells.iter().map(String::as_str);
        match &mut self.out {
            Out::Csv(out) => out.row(values),
            Out::Xml(out) => out.row(values),
            Out::Xlsx(out, _) => out.row(values),
        }
    }
}
