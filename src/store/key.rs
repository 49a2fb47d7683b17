//! The landing's key: 32 random bytes in a file only its owner may read, outside the database.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use aes_gcm_siv::aead::{Aead, KeyInit};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};

use crate::{Result, StoreError};

/// What the key seals to prove itself. Landed files are sealed under random nonces, never under this one.
const PROOF: &[u8] = b"onroll landing";

/// Reads the key, or makes it where nothing has been landed under one yet.
pub(crate) fn load(path: &Path, has_payloads: bool) -> Result<Aes256GcmSiv> {
    let reading = "reading the key file keys/landing.key";
    match fs::metadata(path) {
        Ok(found) => {
            if found.permissions().mode() & 0o077 != 0 {
                return Err(StoreError::Key { what: "may be read by others", hint: "give it mode 0600 (chmod 600 keys/landing.key)" });
            }
            cipher(&fs::read(path).map_err(StoreError::file(reading))?)
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            if has_payloads {
                let hint = "landed files cannot be read without it; bring it back from the backup of keys/";
                return Err(StoreError::Key { what: "is missing", hint });
            }
            make(path)
        }
        Err(e) => Err(StoreError::file(reading)(e)),
    }
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

fn make(path: &Path) -> Result<Aes256GcmSiv> {
    let doing = "making the key file keys/landing.key";
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::Key { what: "cannot be made", hint: "the system gives no random numbers" })?;
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(StoreError::file(doing))?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(StoreError::file(doing))?;
            cipher(&bytes)
        }
        // Another run made it in between: that one holds.
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => cipher(&fs::read(path).map_err(StoreError::file(doing))?),
        Err(e) => Err(StoreError::file(doing)(e)),
    }
}

fn cipher(bytes: &[u8]) -> Result<Aes256GcmSiv> {
    Aes256GcmSiv::new_from_slice(bytes)
        .map_err(|_| StoreError::Key { what: "does not hold a key of 32 bytes", hint: "bring it back from the backup of keys/" })
}
