//! Moving a file to where it ends, so that no crash, no second file of the same name and no late writer loses one.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::fetch::{Ending, FetchFault, Fetched, Stamp};
use crate::naming::{WAYS, remove, rename_new, sync_folder};

/// The ending of the file that says why another failed.
pub(super) const REASON: &str = ".reason.txt";

/// Longest file name that common file systems take, in bytes.
const LONGEST: usize = 255;

/// Makes `done/` and `failed/` and proves that a file can be moved there: a file that is read and cannot be moved would
/// be found again by every run.
pub(super) fn prove_movable(folder: &Path) -> Result<(), FetchFault> {
    for end in ["done", "failed"] {
        let end = folder.join(end);
        make_folder(&end)?;
        let (probe, moved) = (folder.join(".onroll-trial"), end.join(".onroll-trial"));
        let trial = || {
            remove(&probe)?;
            remove(&moved)?;
            File::create_new(&probe)?;
            fs::rename(&probe, &moved)?;
            remove(&moved)
        };
        trial().map_err(|fault| {
            let _ = remove(&probe); // what is left of a trial is hidden, and removed by the next one
            FetchFault::of("moving files in", folder, fault)
        })?;
    }
    Ok(())
}

fn make_folder(path: &Path) -> Result<(), FetchFault> {
    match fs::create_dir(path) {
        Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => match fs::symlink_metadata(path) {
            Ok(about) if about.is_dir() => Ok(()),
            Ok(_) => Err(FetchFault::NotAFolder(path.to_owned())),
            Err(fault) => Err(FetchFault::of("looking at", path, fault)),
        },
        Err(fault) => Err(FetchFault::of("making", path, fault)),
        Ok(()) => Ok(()),
    }
}

/// Moves a file to `done/` or `failed/`.
pub(super) fn settle(folder: &Path, fetched: &Fetched, end: &Ending) -> Result<PathBuf, FetchFault> {
    let target = folder.join(match end {
        Ending::Done => "done",
        Ending::Failed(_) => "failed",
    });
    make_folder(&target)?;
    let unlike = |path: &Path| fs::symlink_metadata(path).map(|about| Stamp::of(&about) != fetched.stamp);
    if unlike(&fetched.path).map_err(|fault| FetchFault::of("looking at", &fetched.path, fault))? {
        return Err(FetchFault::Changed { name: fetched.name.clone() });
    }
    let place = Place::reserve(&target, fetched, matches!(end, Ending::Failed(_)))?;
    let moving = |fault| FetchFault::of("moving a file to", &target, fault);
    if let Ending::Failed(reason) = end {
        write_reason(&place.reason, reason).map_err(moving).inspect_err(|_| place.free())?;
    }
    // Over the file that keeps the name: no other file can be overwritten.
    fs::rename(&fetched.path, &place.file).map_err(|fault| {
        place.free();
        if fault.kind() == io::ErrorKind::NotFound { FetchFault::Vanished { name: fetched.name.clone() } } else { moving(fault) }
    })?;
    // Somebody may have put another file there in the very moment: what was not read must not lie among the read ones.
    if unlike(&place.file).map_err(moving)? {
        put_back(&place, fetched).map_err(moving)?;
        return Err(FetchFault::Changed { name: fetched.name.clone() });
    }
    sync_folder(&target).and_then(|()| sync_folder(folder)).map_err(moving)?;
    Ok(place.file)
}

/// What stands for a moment under the name that a file is to have. It is known by its content: after a crash in the very
/// moment the next run finds the file itself again, and gives it this name.
const KEPT: &[u8] = b"Onroll keeps this name for a file that it is about to move here.\n";

/// Where it is written, before it has that name.
const KEEPING: &str = ".onroll-keeps";

/// A name in `done/` or `failed/` that is ours: a file with [`KEPT`] is made under it, so that nobody else gets it.
struct Place {
    file: PathBuf,
    reason: PathBuf,
}

impl Place {
    /// Finds a free name: the file's own, else with -2, -3 and so on before the extension.
    fn reserve(target: &Path, fetched: &Fetched, with_reason: bool) -> Result<Place, FetchFault> {
        let own = fetched.path.file_name().unwrap_or(OsStr::new("file"));
        let mut n = 1u64;
        loop {
            let name = numbered(own, n);
            let mut reason = name.clone();
            reason.push(REASON);
            let place = Place { file: target.join(name), reason: target.join(reason) };
            let made = keep(&place.file).and_then(|fresh| match (with_reason, fresh) {
                (false, _) => Ok(()),
                (true, true) => File::create_new(&place.reason).map(drop).inspect_err(|_| drop(fs::remove_file(&place.file))),
                // The reason of a run that broke off; it is written again.
                (true, false) => File::create(&place.reason).map(drop),
            });
            match made {
                Ok(()) => return Ok(place),
                Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => n += 1,
                Err(fault) => return Err(FetchFault::of("moving a file to", target, fault)),
            }
        }
    }

    /// Gives the name back after a failure. The two files are ours and hold nothing of anybody; failing to remove them loses nothing.
    fn free(&self) {
        let _ = fs::remove_file(&self.file);
        let _ = fs::remove_file(&self.reason);
    }
}

/// Makes the file that keeps a name; `false`: a run that broke off had made it. It has its content before it has the name, so
/// that it can be known at any moment.
fn keep(path: &Path) -> io::Result<bool> {
    let beside = path.with_file_name(KEEPING);
    fs::write(&beside, KEPT)?;
    match rename_new(&beside, path, &WAYS) {
        Ok(()) => Ok(true),
        Err(fault) => {
            remove(&beside)?;
            let is_ours = || Ok::<_, io::Error>(fs::symlink_metadata(path)?.len() == KEPT.len() as u64 && fs::read(path)? == KEPT);
            if fault.kind() == io::ErrorKind::AlreadyExists && is_ours()? { Ok(false) } else { Err(fault) }
        }
    }
}

/// `pupils.csv`, `pupils-2.csv`; shortened where the reason's name beside it would be too long for the file system.
fn numbered(own: &OsStr, n: u64) -> OsString {
    let number = if n > 1 { format!("-{n}") } else { String::new() };
    let room = LONGEST - REASON.len() - number.len();
    if n == 1 && own.len() <= room {
        return own.to_owned();
    }
    let path = Path::new(own);
    let extension = path.extension().filter(|ext| ext.len() <= 10);
    let stem = if extension.is_some() { path.file_stem().unwrap_or(own) } else { own };
    let room = room - extension.map_or(0, |ext| ext.len() + 1);
    let mut name = if stem.len() <= room { stem.to_owned() } else { shortened(stem, room) };
    name.push(number);
    if let Some(extension) = extension {
        name.push(".");
        name.push(extension);
    }
    name
}

fn shortened(stem: &OsStr, room: usize) -> OsString {
    let text = stem.to_string_lossy();
    let mut at = room.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    text[..at].into()
}

fn write_reason(path: &Path, reason: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(reason.trim_end().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Puts a file that was moved by mistake back under its name; if that is taken again, under a name beside it.
fn put_back(place: &Place, fetched: &Fetched) -> io::Result<()> {
    let (folder, own) = (fetched.path.parent().unwrap_or(Path::new("")), fetched.path.file_name().unwrap_or(OsStr::new("file")));
    let mut n = 1;
    loop {
        let back = folder.join(numbered(own, n));
        match File::create_new(&back) {
            Ok(_) => {
                fs::rename(&place.file, &back)?;
                return remove(&place.reason);
            }
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => n += 1,
            Err(fault) => return Err(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::shown_name;

    #[test]
    fn a_second_file_of_the_name_gets_a_number() {
        assert_eq!(numbered(OsStr::new("pupils.csv"), 1), "pupils.csv");
        assert_eq!(numbered(OsStr::new("pupils.csv"), 3), "pupils-3.csv");
        assert_eq!(numbered(OsStr::new("pupils"), 2), "pupils-2");
    }

    #[test]
    fn a_name_kept_by_a_run_that_broke_off_is_used_and_any_other_file_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pupils.csv");
        assert!(keep(&path).unwrap(), "fresh");
        assert!(!keep(&path).unwrap(), "kept before");
        for other in [&b""[..], &KEPT[1..], b"Adno,UPN\n"] {
            fs::write(&path, other).unwrap();
            assert_eq!(keep(&path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        }
    }

    #[test]
    fn a_long_name_leaves_room_for_its_reason() {
        let long = format!("{}.csv", "ü".repeat(125));
        for n in [1, 2, 1000] {
            let name = numbered(OsStr::new(&long), n);
            assert!(name.len() + REASON.len() <= LONGEST, "{n}");
            assert!(shown_name(Path::new(&name)).ends_with(".csv"), "{n}");
        }
    }
}
