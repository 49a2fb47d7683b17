//! A file as bytes that can be read from the start as often as needed.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use schema::raw::Bytes;

/// The bytes of a file, as long as it was when it was first looked at.
#[derive(Debug, Clone)]
pub struct FileBytes {
    path: PathBuf,
    bytes: u64,
}

impl FileBytes {
    /// Looks at a file.
    ///
    /// # Errors
    /// It is not there, is a folder, or may not be looked at.
    pub fn of(path: &Path) -> io::Result<FileBytes> {
        let about = std::fs::metadata(path)?;
        if about.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        Ok(FileBytes { path: path.to_owned(), bytes: about.len() })
    }
}

impl Bytes for FileBytes {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(BufReader::with_capacity(64 * 1024, File::open(&self.path)?)))
    }

    fn len(&self) -> u64 {
        self.bytes
    }
}
