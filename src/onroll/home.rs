//! The home: the folder that `init` or `demo` made, read and checked as a whole before any command works with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use connect::DropFolder;
use formats::Sandbox;
use hub::Hub;
use hub::night::DropFolders;
use mapping::Library;
use schema::calendar::CalendarYear;
use schema::{Area, Calendar, Clock, ConfigFault, Schools};
use sharing::Agreements;
use store::Store;

use crate::config::{self, Config};
use crate::exit::Fault;

/// The hidden verb with which this binary starts itself as the sandbox of `formats`.
pub const SANDBOX_VERB: &str = "sandbox";

/// What the environment says, read once in the command line's definition.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// `ONROLL_NOW`.
    pub now: Option<String>,
    /// `ONROLL_DATABASE_URL`.
    pub database_url: Option<String>,
}

/// A home whose files are all in order.
pub struct OpenHome {
    /// The folder.
    pub dir: PathBuf,
    /// `onroll.toml`.
    pub config: Config,
    /// The parts that the hub needs.
    pub parts: hub::Home,
}

/// Reads every file of a home, and a mapping file given by its path.
///
/// # Errors
/// All faults of all files, each with file, line, column and hint.
pub fn open(dir: &Path, mapping: Option<&Path>) -> Result<OpenHome, Vec<ConfigFault>> {
    let text = read(dir, config::FILE, "make a home with: onroll init DIR, or name it with --home DIR")?;
    let mut faults = Vec::new();
    let config = keep(config::parse(&text), &mut faults);
    let area = keep(
        read(dir, "area.csv", "list which postcodes lie in which authority: postcode,la").and_then(|t| Area::parse("area.csv", &t)),
        &mut faults,
    );
    let schools = keep(
        read(dir, "schools.csv", "make it with: onroll schools import GIAS.csv")
            .and_then(|t| Schools::parse("schools.csv", &t))
            .and_then(|schools| with_links(dir, schools)),
        &mut faults,
    );
    let calendar = keep(calendar(dir), &mut faults);
    let library = keep(mappings(dir, mapping), &mut faults);
    let agreements = keep(agreements(dir), &mut faults);
    let (Some(config), Some(area), Some(schools), Some(calendar), Some(library), Some(agreements)) =
        (config, area, schools, calendar, library, agreements)
    else {
        return Err(faults);
    };
    faults.extend(across(&text, &config, &library, &area));
    if !faults.is_empty() {
        return Err(faults);
    }
    let parts = hub::Home {
        authority: config.authority,
        area,
        schools,
        calendar,
        sources: config.source.iter().map(|s| s.get_ref().clone()).collect(),
        rules: config.rules.clone(),
        snapshot: config.snapshot.clone(),
        library,
        agreements,
    };
    Ok(OpenHome { dir: dir.to_path_buf(), config, parts })
}

fn keep<T>(read: Result<T, Vec<ConfigFault>>, faults: &mut Vec<ConfigFault>) -> Option<T> {
    read.map_err(|found| faults.extend(found)).ok()
}

fn read(dir: &Path, name: &str, hint: &str) -> Result<String, Vec<ConfigFault>> {
    fs::read_to_string(dir.join(name)).map_err(|fault| vec![ConfigFault::at_line(name, 0, format!("cannot be read: {fault}"), hint)])
}

/// `school_links.csv` need not be there.
fn with_links(dir: &Path, schools: Schools) -> Result<Schools, Vec<ConfigFault>> {
    match fs::read_to_string(dir.join("school_links.csv")) {
        Ok(text) => schools.with_links("school_links.csv", &text),
        Err(_) => Ok(schools),
    }
}

fn calendar(dir: &Path) -> Result<Calendar, Vec<ConfigFault>> {
    let hint = "put one file per school year there, such as calendar/2026-27.toml; onroll init writes an example";
    let mut years = Vec::new();
    let mut faults = Vec::new();
    for name in
        toml_files(dir, "calendar").map_err(|fault| vec![ConfigFault::at_line("calendar", 0, format!("cannot be read: {fault}"), hint)])?
    {
        let Some(text) = keep(read(dir, &name, hint), &mut faults) else { continue };
        match toml::from_str::<CalendarYear>(&text) {
            Ok(year) => years.push((name, year)),
            Err(fault) => faults.push(config::toml_fault(&name, &text, &fault)),
        }
    }
    if years.is_empty() && faults.is_empty() {
        faults.push(ConfigFault::at_line("calendar", 0, "there is no school year", hint));
    }
    if faults.is_empty() { Calendar::of(years) } else { Err(faults) }
}

/// Who may be told what. Without the folder nobody may be told anything, and each message becomes a task.
///
/// # Errors
/// The faults of all agreements.
pub fn agreements(dir: &Path) -> Result<Agreements, Vec<ConfigFault>> {
    let mut files = Vec::new();
    if dir.join("agreements").is_dir() {
        let hint = "check that the folder may be read";
        let names = toml_files(dir, "agreements")
            .map_err(|fault| vec![ConfigFault::at_line("agreements", 0, format!("cannot be read: {fault}"), hint)])?;
        for name in names {
            let text = read(dir, &name, "check that the file may be read and is UTF-8")?;
            files.push((name, text));
        }
    }
    Agreements::parse(&files)
}

/// The compiled-in mappings, over them those of the home (if it has any), over them one file given by its path.
///
/// # Errors
/// The faults of all mapping files.
pub fn mappings(dir: &Path, given: Option<&Path>) -> Result<Library, Vec<ConfigFault>> {
    let mut files = connectors::mapping_files();
    let own = dir.join("mappings");
    if own.is_dir() {
        for system in sorted(&own).unwrap_or_default() {
            let Some(folder) = system.file_name().map(|n| n.to_string_lossy().into_owned()) else { continue };
            for name in toml_files(&own, &folder).unwrap_or_default() {
                files.push((name.clone(), read(&own, &name, "check that the file may be read and is UTF-8")?));
            }
        }
    }
    if let Some(path) = given {
        let (folder, name) = (path.parent().unwrap_or(Path::new("")), mapping_name(path));
        let cases = path.with_extension("cases.toml");
        for (file, name) in [(path.to_path_buf(), name.clone()), (cases, name.replace(".toml", ".cases.toml"))] {
            if file.exists() {
                let file = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                files.push((name, read(folder, &file, "check that the file may be read and is UTF-8")?));
            }
        }
    }
    Library::load(files).map_err(|mut faults| {
        for fault in faults.iter_mut().filter(|fault| own.join(&fault.file).is_file()) {
            fault.file.insert_str(0, "mappings/");
        }
        faults
    })
}

/// The name of a mapping file as the library knows it: its last folder and its name, `lists/health.toml`.
fn mapping_name(path: &Path) -> String {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let parts: Vec<_> = path.iter().rev().take(2).map(|p| p.to_string_lossy().into_owned()).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}

/// The id of a mapping given as an id or as a path.
pub fn mapping_id(given: &str) -> String {
    let name = if Path::new(given).is_file() { mapping_name(Path::new(given)) } else { given.to_owned() };
    name.trim_start_matches("mappings/").trim_end_matches(".toml").trim_end_matches(".cases").to_owned()
}

/// Names `folder/x.toml` in a folder, sorted.
fn toml_files(dir: &Path, folder: &str) -> std::io::Result<Vec<String>> {
    let files = sorted(&dir.join(folder))?;
    let names = files.iter().filter(|p| p.extension().is_some_and(|e| e == "toml")).filter_map(|p| p.file_name());
    Ok(names.map(|n| format!("{folder}/{}", n.to_string_lossy())).collect())
}

fn sorted(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(dir)?.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

/// Faults between files.
fn across(text: &str, config: &Config, library: &Library, area: &Area) -> Vec<ConfigFault> {
    let registry = connectors::registry();
    let mut faults = Vec::new();
    for source in &config.source {
        let (at, source) = (source.span().start, source.get_ref());
        let mut fault = |what: String, hint: String| faults.push(ConfigFault::at_offset(config::FILE, text, at, what, hint));
        if registry.get(&source.connector).is_none() {
            fault(
                format!("source \"{}\": there is no connector \"{}\"", source.id, source.connector),
                format!("the connectors are {}", registry.names().join(", ")),
            );
        }
        if let Some(id) = &source.mapping
            && library.get(id).is_none()
        {
            let known: Vec<&str> = library.of_system(&source.connector).iter().map(|m| m.id.as_str()).collect();
            fault(
                format!("source \"{}\": there is no mapping \"{id}\"", source.id),
                format!("the mappings of {} are {}", source.connector, known.join(", ")),
            );
        }
    }
    let mail_timeout = config.email.as_ref().map(|mail| mail.timeout().as_secs());
    if let Err(fault) = delivery::check(&config.delivery, mail_timeout) {
        let at = text.find("[delivery]").unwrap_or_default();
        faults.push(ConfigFault::at_offset(config::FILE, text, at, format!("delivery.{}: {}", fault.key, fault.what), fault.hint));
    }
    if area.is_empty() {
        faults.push(ConfigFault::at_line(
            "area.csv",
            0,
            "it lists no postcode, so nobody lives anywhere",
            "list the postcodes, sectors or districts of the area",
        ));
    }
    faults
}

impl OpenHome {
    /// The clock of this run.
    ///
    /// # Errors
    /// `ONROLL_NOW` is no time.
    pub fn clock(&self, around: &Surroundings) -> Result<Arc<dyn Clock>, Fault> {
        crate::clock::clock(around.now.as_deref(), self.config.today)
    }

    /// Opens the database, making it if it is not there.
    ///
    /// # Errors
    /// It cannot be opened.
    pub async fn store(&self, around: &Surroundings) -> Result<Store, Fault> {
        Ok(Store::open(&format!("sqlite:{}", self.database(around)?.display()), &self.dir).await?)
    }

    /// The file of the database; it may not be there yet.
    ///
    /// # Errors
    /// Its address is none.
    pub fn database(&self, around: &Surroundings) -> Result<PathBuf, Fault> {
        in_home(around.database_url.as_ref().unwrap_or(&self.config.database.url), &self.dir)
    }

    /// Puts the hub together.
    ///
    /// # Errors
    /// The database cannot be opened, or this program cannot find itself to start the sandbox.
    pub async fn hub(self, around: &Surroundings) -> Result<(Hub, DropFolders), Fault> {
        let (store, folders) = (self.store(around).await?, self.drop_folders());
        Ok((self.hub_on(store, around)?, folders))
    }

    /// Puts the hub together on a database that is open.
    ///
    /// # Errors
    /// `ONROLL_NOW` is no time, or this program cannot find itself to start the sandbox.
    pub fn hub_on(self, store: Store, around: &Surroundings) -> Result<Hub, Fault> {
        let clock = self.clock(around)?;
        Ok(Hub::new(self.parts, store, connectors::registry(), sandbox()?, clock))
    }

    fn drop_folders(&self) -> DropFolders {
        let (dir, settle) = (self.dir.join("drop"), Duration::from_secs(self.config.drop.settle_seconds));
        DropFolders {
            make: Box::new(move |source| {
                let mut folder = DropFolder::new(dir.join(source));
                folder.settle_after = settle;
                folder
            }),
        }
    }
}

/// The database's address with a relative path taken from the home, so that a home can be moved.
fn in_home(url: &str, dir: &Path) -> Result<PathBuf, Fault> {
    let Some(path) = url.strip_prefix("sqlite:") else {
        return Err(Fault::usage("database.url is no address of a database that this version knows", "write sqlite:onroll.db"));
    };
    Ok(dir.join(path.strip_prefix("//").unwrap_or(path)))
}

/// How the sandbox is started: this program with the hidden verb.
///
/// # Errors
/// This program cannot find itself.
pub fn sandbox() -> Result<Sandbox, Fault> {
    let program = std::env::current_exe().map_err(|source| Fault::File {
        what: "find",
        path: "this program".to_owned(),
        source,
        hint: "start it by its full path",
    })?;
    Ok(Sandbox { program, args: vec![SANDBOX_VERB.to_owned()] })
}
