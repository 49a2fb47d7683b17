//! Key files: 32 random bytes that only their owner may read, outside the database. The landing's is one of them.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use aes_gcm_siv::aead::{Aead, KeyInit};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};

use crate::{Result, StoreError};

/// What the key seals to prove itself. Landed files are sealed under random nonces, never under this one.
const PROOF: &[u8] = b"onroll landing";

/// Reads the landing's key, or makes it where nothing has been landed under one yet.
pub(crate) fn load(path: &Path, has_payloads: bool) -> Result<Aes256GcmSiv> {
    Ok(Aes256GcmSiv::new(&key_bytes(path, !has_payloads)?.into()))
}

/// Reads a key of 32 bytes from a file that only its owner may read, or makes it where `may_make`: nothing hangs on the key yet.
///
/// # Errors
/// The file is missing, may be read by others, or holds no key; it cannot be read or written.
pub fn key_bytes(path: &Path, may_make: bool) -> Result<[u8; 32]> {
    match fs::metadata(path) {
        Ok(found) => {
            if found.permissions().mode() & 0o077 != 0 {
                return Err(fault(path, "may be read by others", "give it mode 0600 (chmod 600)"));
            }
            bytes_of(path, &fs::read(path).map_err(StoreError::file(READING))?)
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && !may_make => {
            let hint = "what was made with it cannot be read or proved without it; bring it back from the backup of keys/";
            Err(fault(path, "is missing", hint))
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => make(path),
        Err(e) => Err(StoreError::file(READING)(e)),
    }
}

const READING: &str = "reading a key file";
const MAKING: &str = "making a key file";

/// Names the file by its folder and name, as people find it in the home.
fn fault(path: &Path, what: &'static str, hint: &'static str) -> StoreError {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let file = match (path.parent().and_then(name), name(path)) {
        (Some(folder), Some(file)) => format!("{folder}/{file}"),
        (_, file) => file.unwrap_or_default(),
    };
    StoreError::Key { file, what, hint }
}

/// Refuses another key than the one under which files were landed before: what that one sealed stands at `path`, if anything
/// was landed.
pub(crate) fn check(path: &Path, key: &Aes256GcmSiv) -> Result<()> {
    let sealed = match fs::read(path) {
        Ok(sealed) => sealed,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(StoreError::file("reading the proof of the landing's key")(e)),
    };
    match key.decrypt(&Nonce::default(), sealed.as_slice()) {
        Ok(plain) if plain == PROOF => Ok(()),
        _ => Err(StoreError::Key {
            file: "keys/landing.key".to_owned(),
            what: "is another one than that of the landed files",
            hint: "bring keys/ and landing/ back from the same backup; nothing was read or written",
        }),
    }
}

/// Leaves the proof that files are landed under this key, if it is not there yet.
pub(crate) fn prove(path: &Path, key: &Aes256GcmSiv) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let sealed = key.encrypt(&Nonce::default(), PROOF).map_err(|_| std::io::Error::other("encrypting failed"))?;
    // Whole or not at all: half a proof would refuse the right key.
    let beside = path.with_extension("part");
    fs::write(&beside, sealed)?;
    fs::rename(&beside, path)
}

fn make(path: &Path) -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| fault(path, "cannot be made", "the system gives no random numbers"))?;
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(StoreError::file(MAKING))?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(StoreError::file(MAKING))?;
            Ok(bytes)
        }
        // Another run made it in between: that one holds.
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => bytes_of(path, &fs::read(path).map_err(StoreError::file(MAKING))?),
        Err(e) => Err(StoreError::file(MAKING)(e)),
    }
}

fn bytes_of(path: &Path, bytes: &[u8]) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| fault(path, "does not hold a key of 32 bytes", "bring it back from the backup of keys/"))
}
