use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::{Put, Trace, put, put_through, trace};
use crate::naming::{WAYS, Way, rename_new};

const PART: &str = ".part-M12";
const NAME: &str = "852LLLL_8524001_addr0001.csv";

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// 200 bytes, each of which can be told from its neighbours.
fn body() -> Vec<u8> {
    (0..200u8).collect()
}

#[test]
fn a_write_that_fails_at_any_of_200_points_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let body = body();
    for cut in 0..200 {
        let mut broken = |file: &mut fs::File| {
            file.write_all(&body[..cut])?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        };
        let fault = put_through(dir.path(), PART, NAME, &mut broken, &body).unwrap_err();
        assert_eq!(fault.kind(), io::ErrorKind::StorageFull);
        assert_eq!(names(dir.path()), Vec::<String>::new(), "cut at {cut}");
    }
}

#[test]
fn a_crash_at_any_of_200_points_leaves_no_final_name_and_the_next_try_makes_it_whole() {
    let body = body();
    for cut in 0..200 {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(PART), &body[..cut]).unwrap();
        assert_eq!(put(dir.path(), PART, NAME, &body).unwrap(), Put::Fresh);
        assert_eq!(names(dir.path()), [NAME], "cut at {cut}");
        assert_eq!(fs::read(dir.path().join(NAME)).unwrap(), body);
    }
}

#[test]
fn while_the_file_is_written_its_final_name_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let body = body();
    let mut seen = Vec::new();
    let mut slow = |file: &mut fs::File| {
        for byte in &body {
            file.write_all(&[*byte])?;
            seen.push(names(dir.path()));
        }
        Ok(())
    };
    put_through(dir.path(), PART, NAME, &mut slow, &body).unwrap();
    assert_eq!(seen.len(), 200);
    assert!(seen.iter().all(|names| names == &[PART]));
}

#[test]
fn the_same_file_again_changes_nothing_and_another_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(put(dir.path(), PART, NAME, b"one").unwrap(), Put::Fresh);
    assert_eq!(put(dir.path(), PART, NAME, b"one").unwrap(), Put::WasThere);
    for other in [&b"two"[..], b"longer than one", b""] {
        assert_eq!(put(dir.path(), PART, NAME, other).unwrap(), Put::Other);
    }
    assert_eq!((names(dir.path()), fs::read(dir.path().join(NAME)).unwrap()), (vec![NAME.to_owned()], b"one".to_vec()));
}

#[test]
fn a_folder_or_a_link_that_has_the_name_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(NAME)).unwrap();
    assert_eq!(put(dir.path(), PART, NAME, b"one").unwrap(), Put::Other);
    #[cfg(unix)]
    {
        let (other, own) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let aim = other.path().join("aim");
        fs::write(&aim, b"one").unwrap();
        std::os::unix::fs::symlink(&aim, own.path().join(NAME)).unwrap();
        assert_eq!(put(own.path(), PART, NAME, b"one").unwrap(), Put::Other, "the bytes are the same, but they lie elsewhere");
    }
}

#[test]
fn a_temporary_file_that_is_a_second_name_of_the_final_one_is_removed_and_not_written_into() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(NAME), b"one").unwrap();
    fs::hard_link(dir.path().join(NAME), dir.path().join(PART)).unwrap();
    assert_eq!(put(dir.path(), PART, NAME, b"one").unwrap(), Put::WasThere);
    assert_eq!((names(dir.path()), fs::read(dir.path().join(NAME)).unwrap()), (vec![NAME.to_owned()], b"one".to_vec()));
}

#[test]
fn each_way_to_give_a_name_alone_refuses_to_overwrite() {
    for way in WAYS {
        let dir = tempfile::tempdir().unwrap();
        let (part, target) = (dir.path().join(PART), dir.path().join(NAME));
        fs::write(&part, b"one").unwrap();
        match rename_new(&part, &target, &[way]) {
            Ok(()) => assert_eq!(names(dir.path()), [NAME], "{way:?}"),
            // Not every system has the first way.
            Err(fault) => assert!(matches!(way, Way::NoReplace) && !cfg!(target_os = "linux"), "{way:?}: {fault}"),
        }
        fs::write(&target, b"one").unwrap();
        fs::write(&part, b"two").unwrap();
        if !matches!(way, Way::NoReplace) || cfg!(target_os = "linux") {
            assert_eq!(rename_new(&part, &target, &[way]).unwrap_err().kind(), io::ErrorKind::AlreadyExists, "{way:?}");
        }
        assert_eq!(fs::read(&target).unwrap(), b"one", "{way:?}");
    }
}

#[test]
fn what_a_crash_left_is_told_and_cleared() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let trace = || trace(dir.path(), PART, NAME, b"one").unwrap();
    assert_eq!(trace(), Trace::Nothing);
    fs::write(at(PART), b"on").unwrap();
    assert_eq!(trace(), Trace::Begun);
    assert_eq!(names(dir.path()), Vec::<String>::new());
    fs::write(at(NAME), b"one").unwrap();
    fs::hard_link(at(NAME), at(PART)).unwrap();
    assert_eq!(trace(), Trace::Whole);
    assert_eq!(names(dir.path()), [NAME]);
    fs::write(at(NAME), b"two").unwrap();
    assert_eq!(trace(), Trace::Other);
}
