//! The landing: every file as it came, stored once under the SHA-256 of its content, compressed and encrypted.
//! Plain, blocking code: call it from a thread that may wait.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use aes_gcm_siv::Aes256GcmSiv;
use schema::raw::Bytes;
use sha2::{Digest, Sha256};

use crate::sealed::{Head, SealedReader, SealedWriter};
use crate::{Result, StoreError, key};

/// zstd's own default: CSV shrinks to about a sixth, faster than the disk takes it.
const LEVEL: i32 = 3;
const LANDING: &str = "landing a file";
/// Proves the key under which the files are sealed.
const PROOF: &str = "key-check";

/// The folder of landed files.
pub struct Landing {
    folder: PathBuf,
    key: Aes256GcmSiv,
}

/// What was landed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landed {
    /// SHA-256 of the content, in hexadecimal: its address.
    pub sha256: String,
    /// Bytes of content.
    pub bytes: u64,
}

impl Landing {
    /// The landing of a home; its key is made if nothing was landed yet.
    pub(crate) fn at(home: &Path) -> Result<Landing> {
        let folder = home.join("landing");
        fs::create_dir_all(&folder).map_err(StoreError::file("making the folder landing"))?;
        let key = key::load(&home.join("keys").join("landing.key"), has_payloads(&folder)?)?;
        key::check(&folder.join(PROOF), &key)?;
        Ok(Landing { folder, key })
    }

    /// Reads `from` to its end and keeps it. The same content twice is one file.
    ///
    /// # Errors
    /// Reading or writing failed, or the disk is full: nothing is kept then.
    pub fn land(&self, from: &mut dyn Read) -> Result<Landed> {
        key::prove(&self.folder.join(PROOF), &self.key).map_err(StoreError::file(LANDING))?;
        let part = Part::new(&self.folder).map_err(StoreError::file(LANDING))?;
        let (head, file) = self.seal(from, &part.path).map_err(StoreError::file(LANDING))?;
        let landed = Landed { sha256: hex(&head.sha256), bytes: head.bytes };
        let path = self.path(&landed.sha256)?;
        // What stands there already is kept if it can be read to its end; a damaged one is mended by the fresh copy.
        if path.exists() && self.is_whole(&landed) {
            return Ok(landed);
        }
        file.sync_all().map_err(StoreError::file(LANDING))?;
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).map_err(StoreError::file(LANDING))?;
        fs::rename(&part.path, &path).map_err(StoreError::file(LANDING))?;
        // The names must be on the disk too, before anybody relies on them.
        for folder in [folder, &self.folder] {
            File::open(folder).and_then(|f| f.sync_all()).map_err(StoreError::file(LANDING))?;
        }
        Ok(landed)
    }

    fn seal(&self, from: &mut dyn Read, path: &Path) -> io::Result<(Head, File)> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let sealed = SealedWriter::new(BufWriter::new(file), &self.key)?;
        let mut packed = zstd::stream::write::Encoder::new(sealed, LEVEL)?;
        let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 17]);
        loop {
            let read = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            hash.update(&buffer[..read]);
            packed.write_all(&buffer[..read])?;
            bytes += read as u64;
        }
        let head = Head { sha256: hash.finalize().into(), bytes };
        let file = packed.finish()?.finish(head)?.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok((head, file))
    }

    /// What was landed under that address. Its head is read at once; a fault further in shows when it is read.
    ///
    /// # Errors
    /// It is not there, not what was landed, or the key is another one.
    pub fn open(&self, sha256: &str, bytes: u64) -> Result<LandedBytes> {
        let landed = LandedBytes { path: self.path(sha256)?, key: self.key.clone(), sha256: sha256.to_owned(), bytes };
        let tampered = |what| StoreError::Tampered { sha256: sha256.to_owned(), what };
        match landed.head() {
            Ok((_, head)) if hex(&head.sha256) != sha256 => Err(tampered("holds the content of another file")),
            Ok((_, head)) if head.bytes != bytes => Err(tampered("has another length than the database says")),
            Ok(_) => Ok(landed),
            Err(e) if e.kind() == io::ErrorKind::InvalidData => Err(tampered("cannot be decrypted")),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err(StoreError::missing("landed file", sha256)),
            Err(e) => Err(StoreError::file("opening a landed file")(e)),
        }
    }

    fn is_whole(&self, landed: &Landed) -> bool {
        let Ok(mut bytes) = self.open(&landed.sha256, landed.bytes).map_err(drop).and_then(|found| found.open().map_err(drop)) else {
            return false;
        };
        io::copy(&mut bytes, &mut io::sink()).is_ok_and(|read| read == landed.bytes)
    }

    /// Removes what runs that broke off left half written. Only for whoever holds the home alone.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn sweep(&self) -> Result<u64> {
        let doing = "clearing half written files from landing";
        let mut removed = 0;
        for entry in fs::read_dir(&self.folder).map_err(StoreError::file(doing))? {
            let path = entry.map_err(StoreError::file(doing))?.path();
            if path.extension().is_some_and(|e| e == "part") {
                fs::remove_file(&path).map_err(StoreError::file(doing))?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn path(&self, sha256: &str) -> Result<PathBuf> {
        // The address comes from the database: it must not lead out of the folder.
        if sha256.len() != 64 || !sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(StoreError::Damaged { doing: "finding a landed file" });
        }
        Ok(self.folder.join(&sha256[..2]).join(sha256))
    }
}

/// A landed file, to be read as often as needed.
pub struct LandedBytes {
    path: PathBuf,
    key: Aes256GcmSiv,
    sha256: String,
    bytes: u64,
}

impl LandedBytes {
    fn head(&self) -> io::Result<(SealedReader<BufReader<File>>, Head)> {
        SealedReader::new(BufReader::new(File::open(&self.path)?), self.key.clone())
    }
}

impl Bytes for LandedBytes {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let (sealed, head) = self.head()?;
        if hex(&head.sha256) != self.sha256 || head.bytes != self.bytes {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the landed file holds the content of another file"));
        }
        Ok(Box::new(zstd::stream::read::Decoder::new(sealed)?))
    }

    fn len(&self) -> u64 {
        self.bytes
    }
}

fn has_payloads(folder: &Path) -> Result<bool> {
    let doing = "reading the folder landing";
    for entry in fs::read_dir(folder).map_err(StoreError::file(doing))? {
        let path = entry.map_err(StoreError::file(doing))?.path();
        if path.is_dir() && fs::read_dir(&path).map_err(StoreError::file(doing))?.next().is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A file being written; removed when dropped unless it was renamed.
struct Part {
    path: PathBuf,
}

impl Part {
    fn new(folder: &Path) -> io::Result<Part> {
        let number = getrandom::u64().map_err(|_| io::Error::other("the system gives no random numbers"))?;
        Ok(Part { path: folder.join(format!("{number:016x}.part")) })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Renamed or never made: nothing to remove.
        let _ = fs::remove_file(&self.path);
    }
}
