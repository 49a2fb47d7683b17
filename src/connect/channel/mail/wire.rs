//! The encrypted connection. Whoever gets one can only speak through TLS: the few words that are said in clear before
//! STARTTLS are said here, and none of them is about a message.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::{TlsConnector, rustls};

/// Longest reply that is read in clear, in bytes.
const LONGEST_REPLY: usize = 16 * 1024;

/// Why there is no encrypted connection. Nothing of a message was said in any of these.
#[derive(Debug)]
pub(super) enum NoWire {
    /// No server at that place, or the connection broke.
    Network(io::Error),
    /// The server answered with this code, and perhaps an enhanced one, to what (`greeting`, `EHLO`, `STARTTLS`).
    Answer { to: &'static str, code: u16, enhanced: Option<String> },
    /// What the server said is no SMTP.
    NotSmtp,
    /// The server said more than it was asked before the encryption began: somebody on the way may have put it there.
    Unasked,
    /// STARTTLS is not among what the server offers.
    NoStarttls,
    /// The TLS handshake failed.
    Tls(io::Error),
}

/// A connection that is encrypted and whose server has proved its name.
#[derive(Debug)]
pub(super) struct Wire {
    /// Read before the first byte of the server. After STARTTLS the server does not greet again, but the dialogue that
    /// follows begins with a greeting.
    greeting: &'static [u8],
    tls: TlsStream<TcpStream>,
}

/// TLS from the first byte.
pub(super) async fn implicit(host: &str, port: u16, name: &ServerName<'static>, tls: &TlsConnector) -> Result<Wire, NoWire> {
    let stream = connect(host, port).await?;
    encrypt(stream, name, tls, b"").await
}

/// STARTTLS.
pub(super) async fn starttls(host: &str, port: u16, hello: &str, name: &ServerName<'static>, tls: &TlsConnector) -> Result<Wire, NoWire> {
    let mut clear = Clear { stream: connect(host, port).await? };
    clear.reply("greeting", 220).await?;
    clear.say(&format!("EHLO {hello}\r\n")).await?;
    let offers = clear.reply("EHLO", 250).await?;
    // The first line is the server's name.
    if !offers.lines().skip(1).any(|line| line.get(4..).is_some_and(|word| word.trim().eq_ignore_ascii_case("STARTTLS"))) {
        clear.quit().await;
        return Err(NoWire::NoStarttls);
    }
    clear.say("STARTTLS\r\n").await?;
    clear.reply("STARTTLS", 220).await?;
    encrypt(clear.stream, name, tls, b"220 encrypted\r\n").await
}

async fn connect(host: &str, port: u16) -> Result<TcpStream, NoWire> {
    let stream = TcpStream::connect((host, port)).await.map_err(NoWire::Network)?;
    // Each step waits for its answer; holding back small packets would only add to that.
    stream.set_nodelay(true).map_err(NoWire::Network)?;
    Ok(stream)
}

async fn encrypt(stream: TcpStream, name: &ServerName<'static>, tls: &TlsConnector, greeting: &'static [u8]) -> Result<Wire, NoWire> {
    let tls = tls.connect(name.clone(), stream).await.map_err(|fault| {
        // A fault of TLS itself is told from a connection that broke by what the error holds.
        if fault.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) { NoWire::Tls(fault) } else { NoWire::Network(fault) }
    })?;
    Ok(Wire { greeting, tls })
}

/// A connection that is not encrypted yet.
struct Clear {
    stream: TcpStream,
}

impl Clear {
    async fn say(&mut self, words: &str) -> Result<(), NoWire> {
        self.stream.write_all(words.as_bytes()).await.map_err(NoWire::Network)
    }

    /// The text of a reply with the wanted code. Nothing may follow it: a byte that waits here would be taken for an
    /// answer given under encryption (CVE-2011-0411 and its kin).
    async fn reply(&mut self, to: &'static str, wanted: u16) -> Result<String, NoWire> {
        let mut read = Vec::new();
        loop {
            match end_of_reply(&read) {
                Some(end) if end == read.len() => break,
                Some(_) => return Err(NoWire::Unasked),
                None if read.len() > LONGEST_REPLY => return Err(NoWire::NotSmtp),
                None => {}
            }
            if self.stream.read_buf(&mut read).await.map_err(NoWire::Network)? == 0 {
                return Err(NoWire::Network(io::Error::from(io::ErrorKind::UnexpectedEof)));
            }
        }
        let text = String::from_utf8_lossy(&read).into_owned();
        let code = text.get(..3).and_then(|code| code.parse::<u16>().ok()).ok_or(NoWire::NotSmtp)?;
        match code {
            _ if code == wanted => Ok(text),
            400..=599 => {
                self.quit().await;
                Err(NoWire::Answer { to, code, enhanced: text.get(4..).and_then(super::words::enhanced) })
            }
            _ => Err(NoWire::NotSmtp),
        }
    }

    /// Takes leave. What the server says to that does not matter.
    async fn quit(&mut self) {
        let _ = self.say("QUIT\r\n").await;
    }
}

/// Where a reply ends: after the first line whose code is not followed by `-` (RFC 5321 section 4.2.1).
fn end_of_reply(read: &[u8]) -> Option<usize> {
    let mut start = 0;
    while let Some(length) = read.get(start..)?.iter().position(|b| *b == b'\n') {
        let line = read.get(start..start + length)?;
        start += length + 1;
        if line.get(3) != Some(&b'-') {
            return Some(start);
        }
    }
    None
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.greeting.is_empty() {
            return Pin::new(&mut wire.tls).poll_read(cx, buf);
        }
        let (now, later) = wire.greeting.split_at(wire.greeting.len().min(buf.remaining()));
        buf.put_slice(now);
        wire.greeting = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().tls).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tls).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tls).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.tls.get_ref().0.peer_addr()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_ends_with_its_last_line_and_what_follows_is_seen() {
        assert_eq!(end_of_reply(b"220 ready\r\n"), Some(11));
        assert_eq!(end_of_reply(b"250-a\r\n250-STARTTLS\r\n250 b\r\n"), Some(28));
        assert_eq!(end_of_reply(b"250-a\r\n250 b"), None);
        assert_eq!(end_of_reply(b"220 ready\r\n250 injected\r\n"), Some(11));
        assert_eq!(end_of_reply(b""), None);
        assert_eq!(end_of_reply(b"\n"), Some(1));
    }
}
