//! A sealed file: content cut into chunks, each encrypted with AES-256-GCM-SIV and bound to its file, its place and whether
//! it is the last. The head holds the content's address under the same key, so that a file in another's place is found out
//! before its first byte is used.
//!
//! Layout: magic (8), file number (16, random), sealed head (32 address + 8 length + 16 tag), then chunks: length (4, little
//! endian, highest bit = last), sealed bytes.

use std::io::{self, Read, Seek, SeekFrom, Write};

use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};

const MAGIC: &[u8; 8] = b"onroll\x001";
/// Bytes of content per chunk.
const CHUNK: usize = 1 << 20;
const TAG: usize = 16;
const HEAD: usize = 32 + 8 + TAG;
const LAST: u32 = 1 << 31;
/// The head is sealed as a chunk of this number, which no content reaches (4 PiB).
const HEAD_NUMBER: u32 = u32::MAX;

/// The content's address and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) sha256: [u8; 32],
    pub(crate) bytes: u64,
}

struct Sealer<'k> {
    key: &'k Aes256GcmSiv,
    file: [u8; 16],
}

impl Sealer<'_> {
    fn nonce(&self, number: u32) -> Nonce {
        let mut nonce = Nonce::default();
        nonce[..8].copy_from_slice(&self.file[..8]);
        nonce[8..].copy_from_slice(&number.to_le_bytes());
        nonce
    }

    fn bound_to(&self, number: u32, last: bool) -> [u8; 21] {
        let mut bound = [0; 21];
        bound[..16].copy_from_slice(&self.file);
        bound[16..20].copy_from_slice(&number.to_le_bytes());
        bound[20] = u8::from(last);
        bound
    }

    fn seal(&self, number: u32, last: bool, msg: &[u8]) -> io::Result<Vec<u8>> {
        let aad = self.bound_to(number, last);
        self.key.encrypt(&self.nonce(number), Payload { msg, aad: &aad }).map_err(|_| io::Error::other("encrypting failed"))
    }

    fn unseal(&self, number: u32, last: bool, msg: &[u8]) -> io::Result<Vec<u8>> {
        let aad = self.bound_to(number, last);
        self.key.decrypt(&self.nonce(number), Payload { msg, aad: &aad }).map_err(|_| tampered())
    }
}

fn tampered() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the landed file was changed, swapped or cut, or its key is another one")
}

/// Writes a sealed file; [`SealedWriter::finish`] says what it holds.
pub(crate) struct SealedWriter<'k, W: Write + Seek> {
    out: W,
    sealer: Sealer<'k>,
    chunk: Vec<u8>,
    number: u32,
}

impl<'k, W: Write + Seek> SealedWriter<'k, W> {
    pub(crate) fn new(mut out: W, key: &'k Aes256GcmSiv) -> io::Result<Self> {
        let mut file = [0; 16];
        getrandom::fill(&mut file).map_err(|_| io::Error::other("the system gives no random numbers"))?;
        out.write_all(MAGIC)?;
        out.write_all(&file)?;
        out.write_all(&[0; HEAD])?;
        Ok(SealedWriter { out, sealer: Sealer { key, file }, chunk: Vec::with_capacity(CHUNK), number: 0 })
    }

    fn put_chunk(&mut self, last: bool) -> io::Result<()> {
        let sealed = self.sealer.seal(self.number, last, &self.chunk)?;
        // A chunk is 1 MiB and its tag: far below 2^31.
        let length = sealed.len() as u32 | if last { LAST } else { 0 };
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(&sealed)?;
        self.chunk.clear();
        self.number += 1;
        Ok(())
    }

    /// Writes the last chunk and the head.
    pub(crate) fn finish(mut self, head: Head) -> io::Result<W> {
        self.put_chunk(true)?;
        let mut plain = head.sha256.to_vec();
        plain.extend_from_slice(&head.bytes.to_le_bytes());
        let sealed = self.sealer.seal(HEAD_NUMBER, true, &plain)?;
        self.out.seek(SeekFrom::Start(24))?;
        self.out.write_all(&sealed)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write + Seek> Write for SealedWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunk.len() == CHUNK {
            self.put_chunk(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a sealed file, chunk by chunk.
pub(crate) struct SealedReader<R: Read> {
    from: R,
    key: Aes256GcmSiv,
    file: [u8; 16],
    chunk: Vec<u8>,
    at: usize,
    number: u32,
    done: bool,
}

impl<R: Read> SealedReader<R> {
    /// Reads the head: what the file says it holds.
    pub(crate) fn new(mut from: R, key: Aes256GcmSiv) -> io::Result<(Self, Head)> {
        let (mut magic, mut file, mut sealed) = ([0; 8], [0; 16], [0; HEAD]);
        from.read_exact(&mut magic).and_then(|()| from.read_exact(&mut file)).and_then(|()| from.read_exact(&mut sealed)).map_err(cut)?;
        if &magic != MAGIC {
            return Err(tampered());
        }
        let plain = Sealer { key: &key, file }.unseal(HEAD_NUMBER, true, &sealed)?;
        let (address, length) = plain.split_at_checked(32).ok_or_else(tampered)?;
        let head = Head {
            sha256: address.try_into().map_err(|_| tampered())?,
            bytes: u64::from_le_bytes(length.try_into().map_err(|_| tampered())?),
        };
        Ok((SealedReader { from, key, file, chunk: Vec::new(), at: 0, number: 0, done: false }, head))
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        let mut length = [0; 4];
        self.from.read_exact(&mut length).map_err(cut)?;
        let length = u32::from_le_bytes(length);
        let last = length & LAST != 0;
        let length = (length & !LAST) as usize;
        if length > CHUNK + TAG {
            return Err(tampered());
        }
        let mut sealed = vec![0; length];
        self.from.read_exact(&mut sealed).map_err(cut)?;
        self.chunk = Sealer { key: &self.key, file: self.file }.unseal(self.number, last, &sealed)?;
        self.at = 0;
        self.number = self.number.checked_add(1).ok_or_else(tampered)?;
        self.done = last;
        Ok(())
    }
}

fn cut(fault: io::Error) -> io::Error {
    if fault.kind() == io::ErrorKind::UnexpectedEof { tampered() } else { fault }
}

impl<R: Read> Read for SealedReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.chunk.len() {
            if self.done {
                return Ok(0);
            }
            self.next_chunk()?;
        }
        let taken = out.len().min(self.chunk.len() - self.at);
        out[..taken].copy_from_slice(&self.chunk[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}
