use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::Mutex;

use super::*;

/// A clock whose hands move only when somebody waits; `at_wait` is what happens meanwhile.
struct Hands {
    now: Mutex<SystemTime>,
    waited: Mutex<Vec<Duration>>,
    at_wait: Box<dyn Fn() + Send + Sync>,
}

impl FileClock for Hands {
    fn now(&self) -> SystemTime {
        *self.now.lock().unwrap()
    }
    fn wait(&self, how_long: Duration) {
        self.waited.lock().unwrap().push(how_long);
        *self.now.lock().unwrap() += how_long;
        (self.at_wait)();
    }
}

struct Stage {
    home: tempfile::TempDir,
    clock: Arc<Hands>,
    folder: DropFolder,
}

const NOON: Duration = Duration::from_secs(1_795_521_600);

fn stage_where(at_wait: impl Fn() + Send + Sync + 'static) -> Stage {
    let home = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hands { now: Mutex::new(SystemTime::UNIX_EPOCH + NOON), waited: Mutex::default(), at_wait: Box::new(at_wait) });
    let folder = DropFolder::new(home.path().join("school-1")).with_clock(clock.clone());
    fs::create_dir(&folder.path).unwrap();
    Stage { home, clock, folder }
}

fn stage() -> Stage {
    stage_where(|| {})
}

impl Stage {
    /// Puts a file there that was last written so long ago.
    fn put(&self, name: &str, content: impl AsRef<[u8]>, age: Duration) -> PathBuf {
        let path = self.folder.path.join(name);
        fs::write(&path, content).unwrap();
        File::options().write(true).open(&path).unwrap().set_modified(self.clock.now() - age).unwrap();
        path
    }

    fn ready(&self) -> Vec<String> {
        self.folder.fetch().unwrap().into_iter().map(|file| file.name).collect()
    }

    fn names(&self, part: &str) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.folder.path.join(part)).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

const HOUR: Duration = Duration::from_secs(3600);
const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_file_that_lies_there_is_taken_and_carries_its_hash() {
    let stage = stage();
    stage.put("pupils.csv", "abc", HOUR);
    let look = stage.folder.look().unwrap();
    assert!(look.left.is_empty());
    let file = &look.ready[0];
    assert_eq!((file.name.as_str(), file.bytes), ("pupils.csv", 3));
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(file.sha256, abc);
    assert!(file.still_same(&abc.to_uppercase()) && !file.still_same("00"));
    assert!(stage.clock.waited.lock().unwrap().is_empty(), "an old file makes nobody wait");
}

#[test]
fn a_young_file_is_looked_at_again_after_the_rest_of_the_second() {
    let stage = stage();
    stage.put("a.csv", "1", Duration::from_millis(300));
    stage.put("b.csv", "2", Duration::from_millis(900));
    assert_eq!(stage.ready(), ["b.csv", "a.csv"]);
    assert_eq!(*stage.clock.waited.lock().unwrap(), [Duration::from_millis(700)], "once for the whole folder");
}

#[test]
fn a_file_that_grows_meanwhile_is_left_for_the_next_run() {
    let path: Arc<Mutex<Option<PathBuf>>> = Arc::default();
    let growing = path.clone();
    let stage = stage_where(move || {
        let path = growing.lock().unwrap().clone().unwrap();
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, "1\n2\n").unwrap();
        // Even with the old stamp: the size tells.
        File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
    });
    *path.lock().unwrap() = Some(stage.put("a.csv", "1\n", Duration::ZERO));
    let look = stage.folder.look().unwrap();
    assert!(look.ready.is_empty());
    assert!(look.left[0].later && look.left[0].why.contains("still being written"), "{look:?}");
    assert_eq!(stage.ready(), ["a.csv"], "complete at the next look");
}

#[test]
fn a_stamp_in_the_future_makes_nobody_wait_for_years() {
    let stage = stage();
    let path = stage.put("a.csv", "1", HOUR);
    File::options().write(true).open(&path).unwrap().set_modified(stage.clock.now() + 24 * 365 * HOUR).unwrap();
    stage.put("b.csv", "1", HOUR);
    let path = stage.put("c.csv", "1", HOUR);
    File::options().write(true).open(&path).unwrap().set_modified(stage.clock.now() + 30 * SECOND).unwrap();
    assert_eq!(stage.ready().len(), 3);
    assert_eq!(*stage.clock.waited.lock().unwrap(), [SECOND]);
}

#[test]
fn half_an_xml_file_waits_for_its_closing_tag_while_it_is_young() {
    let stage = stage();
    let half = "<?xml version=\"1.0\"?>\n<SuperStarReport><Record><A>1</A></Record>";
    stage.put("a.xml", half, 60 * SECOND);
    let look = stage.folder.look().unwrap();
    assert!(look.ready.is_empty() && look.left[0].later && look.left[0].why.contains("closing tag"), "{look:?}");
    assert!(look.left[0].why.contains("10 minutes"), "{look:?}");
    stage.put("a.xml", format!("{half}</SuperStarReport>\n"), 60 * SECOND);
    assert_eq!(stage.ready(), ["a.xml"]);
}

#[test]
fn half_an_xml_file_that_nobody_finishes_goes_to_the_reader() {
    let stage = stage();
    stage.put("a.xml", "<SuperStarReport><Record>", HOUR);
    assert_eq!(stage.ready(), ["a.xml"]);
}

#[test]
fn an_utf_16_xml_file_is_seen_to_be_complete() {
    let stage = stage();
    let wide = |text: &str| [vec![0xFF, 0xFE], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    stage.put("whole.xml", wide("<R><A>é</A></R>\r\n"), 60 * SECOND);
    stage.put("half.xml", wide("<R><A>é</A>"), 60 * SECOND);
    assert_eq!(stage.ready(), ["whole.xml"]);
}

#[test]
fn an_empty_file_waits_for_its_first_byte() {
    let stage = stage();
    stage.put("young.csv", "", 60 * SECOND);
    stage.put("old.csv", "", HOUR);
    assert_eq!(stage.ready(), ["old.csv"]);
}

#[test]
fn a_workbook_without_its_end_waits() {
    let stage = stage();
    stage.put("a.xlsx", b"PK\x03\x04 half a workbook", 60 * SECOND);
    assert!(stage.folder.look().unwrap().left[0].why.contains("workbook"));
}

#[test]
fn a_last_line_with_a_count_must_fit() {
    let stage = stage();
    stage.put("fits.csv", "Adno,Surname\n1,Example\n2,\"Ex\nample\"\nTRAILER,2\n", 60 * SECOND);
    stage.put("short.csv", "Adno,Surname\n1,Example\n#count=2\n", 60 * SECOND);
    stage.put("short-and-old.csv", "Adno,Surname\n1,Example\n#count=2\n", HOUR);
    stage.put("none.csv", "Adno,Surname\n1,Example\n", 60 * SECOND);
    let look = stage.folder.look().unwrap();
    let mut ready: Vec<&str> = look.ready.iter().map(|file| file.name.as_str()).collect();
    ready.sort_unstable();
    assert_eq!(ready, ["fits.csv", "none.csv", "short-and-old.csv"]);
    assert!(look.left[0].name == "short.csv" && look.left[0].why.contains("last line"), "{look:?}");
}

#[test]
fn what_is_no_file_of_the_source_is_not_taken() {
    let stage = stage();
    for name in [
        ".hidden.csv",
        "a.csv.part",
        "a.TMP",
        "a.csv.filepart",
        "a.partial",
        "a.crdownload",
        "~$a.xlsx",
        "Thumbs.db",
        "desktop.ini",
        "a.csv.reason.txt",
    ] {
        stage.put(name, "x", HOUR);
    }
    fs::create_dir(stage.folder.path.join("old")).unwrap();
    fs::write(stage.folder.path.join("old/a.csv"), "x").unwrap();
    let look = stage.folder.look().unwrap();
    assert!(look.ready.is_empty() && look.left.is_empty(), "{look:?}");
}

#[test]
fn a_link_is_not_followed_and_says_so() {
    let stage = stage();
    let secret = stage.home.path().join("secret");
    fs::write(&secret, "x").unwrap();
    symlink(&secret, stage.folder.path.join("a.csv")).unwrap();
    symlink(stage.home.path().join("nowhere"), stage.folder.path.join("b.csv")).unwrap();
    let look = stage.folder.look().unwrap();
    assert!(look.ready.is_empty());
    assert_eq!(look.left.iter().map(|left| left.later).collect::<Vec<_>>(), [false, false]);
    assert!(look.left[0].why.contains("not followed"));
}

#[test]
fn files_come_in_the_order_of_their_days() {
    let stage = stage();
    stage.put("pupils-2026-11-20.csv", "1", HOUR);
    stage.put("a-2026-11-21.csv", "2", 2 * HOUR);
    stage.put("undated.csv", "3", 24 * 30 * HOUR);
    stage.put("b.csv", "4", 3 * HOUR);
    stage.put("c.csv", "5", 4 * HOUR);
    assert_eq!(stage.ready(), ["undated.csv", "pupils-2026-11-20.csv", "a-2026-11-21.csv", "c.csv", "b.csv"]);
}

#[test]
fn a_read_file_lies_in_done_and_is_not_found_again() {
    let stage = stage();
    stage.put("pupils.csv", "1", HOUR);
    let file = stage.folder.fetch().unwrap().remove(0);
    let path = stage.folder.settle(&file, Ending::Done).unwrap();
    assert_eq!(path, stage.folder.path.join("done/pupils.csv"));
    assert_eq!(fs::read(path).unwrap(), b"1");
    assert!(stage.ready().is_empty());
    assert_eq!((stage.names("done"), stage.names("failed")), (vec!["pupils.csv".to_owned()], vec![]));
}

#[test]
fn a_failed_file_has_its_reason_beside_it() {
    let stage = stage();
    stage.put("pupils.csv", "1", HOUR);
    let file = stage.folder.fetch().unwrap().remove(0);
    stage.folder.settle(&file, Ending::Failed("no heading is known: send the report \"Pupils\"".into())).unwrap();
    assert_eq!(stage.names("failed"), ["pupils.csv", "pupils.csv.reason.txt"]);
    let reason = fs::read_to_string(stage.folder.path.join("failed/pupils.csv.reason.txt")).unwrap();
    assert_eq!(reason, "no heading is known: send the report \"Pupils\"\n");
}

#[test]
fn no_file_is_ever_overwritten() {
    let stage = stage();
    for n in 1..=3 {
        stage.put("pupils.csv", n.to_string(), HOUR);
        let file = stage.folder.fetch().unwrap().remove(0);
        stage.folder.settle(&file, if n == 2 { Ending::Failed("x".into()) } else { Ending::Done }).unwrap();
        stage.put("pupils.csv", n.to_string(), HOUR);
        let file = stage.folder.fetch().unwrap().remove(0);
        stage.folder.settle(&file, Ending::Failed(n.to_string())).unwrap();
    }
    assert_eq!(stage.names("done"), ["pupils-2.csv", "pupils.csv"]);
    assert_eq!(stage.names("failed").len(), 8);
    let reason = fs::read_to_string(stage.folder.path.join("failed/pupils-4.csv.reason.txt")).unwrap();
    assert_eq!((reason.as_str(), fs::read(stage.folder.path.join("failed/pupils-4.csv")).unwrap().as_slice()), ("3\n", &b"3"[..]));
}

#[test]
fn a_file_that_changed_since_it_was_read_stays_where_it_is() {
    let stage = stage();
    stage.put("pupils.csv", "1", HOUR);
    let file = stage.folder.fetch().unwrap().remove(0);
    stage.put("pupils.csv", "12", HOUR);
    let fault = stage.folder.settle(&file, Ending::Done).unwrap_err();
    assert!(matches!(fault, FetchFault::Changed { .. }), "{fault}");
    assert!(stage.names("done").is_empty());
    assert_ne!(stage.folder.fetch().unwrap().remove(0).sha256, file.sha256);
}

#[test]
fn another_file_in_the_place_of_the_read_one_is_known_as_another() {
    let stage = stage();
    stage.put("pupils.csv", "1", HOUR);
    let file = stage.folder.fetch().unwrap().remove(0);
    let other = stage.put("new", "2", HOUR);
    fs::rename(other, &file.path).unwrap();
    assert!(matches!(stage.folder.settle(&file, Ending::Done), Err(FetchFault::Changed { .. })));
    assert_eq!(fs::read(&file.path).unwrap(), b"2");
}

#[test]
fn a_file_that_vanished_is_named() {
    let stage = stage();
    stage.put("pupils.csv", "1", HOUR);
    let file = stage.folder.fetch().unwrap().remove(0);
    fs::remove_file(&file.path).unwrap();
    let fault = stage.folder.settle(&file, Ending::Failed("x".into())).unwrap_err();
    assert!(matches!(&fault, FetchFault::Vanished { name } if name == "pupils.csv"), "{fault}");
    assert!(stage.names("failed").is_empty(), "no reason without its file");
}

#[test]
fn strange_names_arrive_as_they_are() {
    use std::os::unix::ffi::OsStrExt;
    let stage = stage();
    let long = format!("{}.csv", "x".repeat(251));
    let names: [&[u8]; 6] = [b"Sch\xC3\xBCler (1) & co.csv", b"latin\xE9.csv", b"line\nbreak.csv", b"-rf", b"no dot", long.as_bytes()];
    for name in names {
        let path = stage.folder.path.join(std::ffi::OsStr::from_bytes(name));
        fs::write(&path, "1").unwrap();
        File::options().write(true).open(&path).unwrap().set_modified(stage.clock.now() - HOUR).unwrap();
    }
    let files = stage.folder.fetch().unwrap();
    assert_eq!(files.len(), names.len());
    for file in files {
        assert!(!file.name.contains('\n'));
        let path = stage.folder.settle(&file, Ending::Failed("x".into())).unwrap();
        assert_eq!(fs::read(path).unwrap(), b"1");
    }
    assert!(stage.folder.path.join("failed").join(std::ffi::OsStr::from_bytes(b"latin\xE9.csv.reason.txt")).exists());
}

#[test]
fn a_missing_folder_is_made_but_not_where_the_share_is_missing() {
    let home = tempfile::tempdir().unwrap();
    let folder = DropFolder::new(home.path().join("school-2"));
    assert!(folder.look().unwrap().ready.is_empty());
    assert!(folder.path.is_dir());
    let folder = DropFolder::new(home.path().join("share/drop/school-2"));
    assert!(matches!(folder.look(), Err(FetchFault::NoFolder(_))));
    fs::write(home.path().join("file"), "").unwrap();
    assert!(matches!(DropFolder::new(home.path().join("file")).look(), Err(FetchFault::NotAFolder(_))));
}

#[test]
fn done_may_not_be_a_link_to_elsewhere() {
    let stage = stage();
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(elsewhere.path(), stage.folder.path.join("done")).unwrap();
    stage.put("pupils.csv", "1", HOUR);
    assert!(matches!(stage.folder.look(), Err(FetchFault::NotAFolder(_))));
}

/// A read-only folder does not stop the superuser: then there is nothing to see here.
#[test]
fn a_read_only_folder_is_said_before_any_file_is_read() {
    let stage = stage();
    stage.put("pupils.csv", "1", HOUR);
    fs::set_permissions(&stage.folder.path, fs::Permissions::from_mode(0o555)).unwrap();
    let is_superuser = File::create(stage.folder.path.join("x")).is_ok();
    let look = stage.folder.look();
    fs::set_permissions(&stage.folder.path, fs::Permissions::from_mode(0o755)).unwrap();
    if !is_superuser {
        let fault = look.unwrap_err();
        assert!(matches!(fault, FetchFault::Forbidden { .. }), "{fault}");
        assert!(fault.to_string().contains("right to read, write and rename"), "{fault}");
        assert_eq!(stage.ready(), ["pupils.csv"]);
    }
}

/// As above: the superuser reads it all the same.
#[test]
fn a_file_that_may_not_be_read_does_not_stop_the_others() {
    let stage = stage();
    let closed = stage.put("closed.csv", "1", HOUR);
    stage.put("open.csv", "1", HOUR);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&closed).is_err() {
        let look = stage.folder.look().unwrap();
        assert_eq!((look.ready.len(), look.left[0].later), (1, false));
        assert!(look.left[0].why.contains("no permission"), "{look:?}");
    }
}

#[test]
fn nothing_of_a_trial_is_left_behind() {
    let stage = stage();
    stage.put("pupils.csv", "1", HOUR);
    stage.put(".onroll-trial", "left by a crash", HOUR);
    stage.ready();
    assert_eq!(stage.names("."), ["done", "failed", "pupils.csv"]);
    assert!(stage.names("done").is_empty() && stage.names("failed").is_empty());
}
