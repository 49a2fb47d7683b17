use std::fs;
use std::io::{Cursor, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use schema::raw::Bytes;
use store::{Landed, StoreError};

use crate::home::{Home, open};

fn content(seed: u8) -> Vec<u8> {
    // More than two chunks even after compression.
    let mut state = u64::from(seed) + 1;
    (0..5 << 19)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .collect()
}

fn read(home: &Home, landed: &Landed) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let bytes = home.store.landing().open(&landed.sha256, landed.bytes).map_err(std::io::Error::other)?;
    bytes.open()?.read_to_end(&mut out)?;
    Ok(out)
}

fn path(home: &Home, landed: &Landed) -> PathBuf {
    home.folder.path().join("landing").join(&landed.sha256[..2]).join(&landed.sha256)
}

fn land(home: &Home, bytes: &[u8]) -> Landed {
    home.store.landing().land(&mut Cursor::new(bytes)).unwrap()
}

#[tokio::test]
async fn what_is_landed_is_read_back_as_often_as_needed() {
    let home = Home::new().await;
    for bytes in [content(1), b"a,b\n1,2\n".to_vec(), Vec::new()] {
        let landed = land(&home, &bytes);
        assert_eq!(landed.bytes, bytes.len() as u64);
        assert_eq!(read(&home, &landed).unwrap(), bytes);
        assert_eq!(read(&home, &landed).unwrap(), bytes);
        assert_eq!(land(&home, &bytes), landed);
    }
    // The empty file's address is the known SHA-256 of nothing.
    assert_eq!(land(&home, b"").sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let mut names: Vec<_> = fs::read_dir(home.folder.path().join("landing")).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!((names.len(), names[3].to_str()), (4, Some("key-check")), "one folder per file, nothing half written is left");
}

#[tokio::test]
async fn the_landed_file_shows_nothing_of_its_content() {
    let home = Home::new().await;
    let landed = land(&home, b"Ada,Example,2015-02-01\n");
    let stored = fs::read(path(&home, &landed)).unwrap();
    assert!(!stored.windows(7).any(|w| w == b"Example"));
    assert_eq!(fs::metadata(path(&home, &landed)).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_flipped_bit_anywhere_is_found() {
    let home = Home::new().await;
    let landed = land(&home, &content(1));
    let good = fs::read(path(&home, &landed)).unwrap();
    for at in [0, 8, 24, 60, 80, 84, 100, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(path(&home, &landed), &bad).unwrap();
        assert!(read(&home, &landed).is_err(), "byte {at} of {}", good.len());
    }
}

#[tokio::test]
async fn a_cut_file_is_found_wherever_it_is_cut() {
    let home = Home::new().await;
    let landed = land(&home, &content(1));
    let good = fs::read(path(&home, &landed)).unwrap();
    // 80 = the end of the head; the chunk after it is whole in the last case.
    for keep in [0, 10, 79, 80, 84, 1000, 80 + 4 + (1 << 20) + 16, good.len() - 1] {
        fs::write(path(&home, &landed), &good[..keep]).unwrap();
        assert!(read(&home, &landed).is_err(), "cut at {keep}");
    }
}

#[tokio::test]
async fn a_file_in_the_place_of_another_is_found_before_its_first_byte() {
    let home = Home::new().await;
    let (one, other) = (land(&home, &content(1)), land(&home, &content(2)));
    fs::copy(path(&home, &other), path(&home, &one)).unwrap();
    let fault = home.store.landing().open(&one.sha256, one.bytes).err().unwrap();
    assert!(matches!(fault, StoreError::Tampered { .. }), "{fault}");
    assert!(read(&home, &other).is_ok());
}

#[tokio::test]
async fn chunks_of_one_file_cannot_change_places() {
    let home = Home::new().await;
    let landed = land(&home, &content(1));
    let good = fs::read(path(&home, &landed)).unwrap();
    let chunk = 4 + (1 << 20) + 16;
    let mut bad = good.clone();
    bad[80..80 + chunk].copy_from_slice(&good[80 + chunk..80 + 2 * chunk]);
    bad[80 + chunk..80 + 2 * chunk].copy_from_slice(&good[80..80 + chunk]);
    fs::write(path(&home, &landed), &bad).unwrap();
    assert!(read(&home, &landed).is_err());
}

#[tokio::test]
async fn another_key_is_refused_opens_nothing_and_landing_again_mends() {
    let home = Home::new().await;
    let bytes = content(3);
    let landed = land(&home, &bytes);
    let key = home.folder.path().join("keys/landing.key");
    fs::write(&key, [9; 32]).unwrap();
    let url = format!("sqlite:{}", home.folder.path().join("onroll.db").display());
    let fault = store::Store::open(&url, home.folder.path()).await.err().unwrap();
    assert!(fault.to_string().contains("is another one than that of the landed files"), "{fault}");
    // Even where the proof is lost, each file proves itself.
    fs::remove_file(home.folder.path().join("landing/key-check")).unwrap();
    let store = open(home.folder.path()).await;
    let fault = store.landing().open(&landed.sha256, landed.bytes).err().unwrap();
    assert!(fault.to_string().contains("the key is another one"), "{fault}");
    store.landing().land(&mut Cursor::new(&bytes)).unwrap();
    assert!(store.landing().open(&landed.sha256, landed.bytes).is_ok());
}

#[tokio::test]
async fn a_key_that_others_may_read_is_refused_and_a_lost_one_is_not_replaced() {
    let home = Home::new().await;
    let (folder, key) = (home.folder.path(), home.folder.path().join("keys/landing.key"));
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    land(&home, b"x");
    let url = format!("sqlite:{}", folder.join("onroll.db").display());
    let reopen = || store::Store::open(&url, folder);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(reopen().await.err().unwrap().to_string().contains("0600"));
    fs::remove_file(&key).unwrap();
    assert!(reopen().await.err().unwrap().to_string().contains("is missing"));
    fs::write(&key, b"short").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(reopen().await.err().unwrap().to_string().contains("32 bytes"));
}

struct Breaks(u32);

impl Read for Breaks {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or_else(|| std::io::Error::other("the share went away"))?;
        out.fill(b'x');
        Ok(out.len())
    }
}

#[tokio::test]
async fn a_file_that_breaks_off_leaves_nothing_behind() {
    let home = Home::new().await;
    assert!(home.store.landing().land(&mut Breaks(3)).is_err());
    let left: Vec<_> = fs::read_dir(home.folder.path().join("landing")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["key-check"]);
    fs::write(home.folder.path().join("landing/0123.part"), b"of a run that was killed").unwrap();
    assert_eq!(home.store.landing().sweep().unwrap(), 1);
}
