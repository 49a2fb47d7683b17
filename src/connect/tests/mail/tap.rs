//! A wire tap between the channel and the server: it hands everything on, and keeps what the channel said.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// The first byte of a TLS handshake (RFC 8446 section 5.1: content type 22).
const HANDSHAKE: u8 = 22;

/// What each connection said to the server, in order.
type Heard = Arc<Mutex<Vec<Vec<u8>>>>;

pub struct Tap {
    pub port: u16,
    heard: Heard,
    answered: Arc<AtomicUsize>,
}

/// Where a connection is cut: after so many bytes of the channel, and after so many of the server.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    pub said: usize,
    pub answered: usize,
}

impl Cut {
    pub const NEVER: Cut = Cut { said: usize::MAX, answered: usize::MAX };
}

impl Tap {
    /// Listens on a free port and hands on to the server's.
    pub async fn before(server: u16) -> Tap {
        Tap::cutting(server, Cut::NEVER).await
    }

    /// As `before`, and cuts each connection.
    pub async fn cutting(server: u16, cut: Cut) -> Tap {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Heard::default();
        let answered = Arc::new(AtomicUsize::new(0));
        let (kept, counted) = (Arc::clone(&heard), Arc::clone(&answered));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(hand_on(client, server, cut, Arc::clone(&kept), Arc::clone(&counted)));
            }
        });
        Tap { port, heard, answered }
    }

    /// What was said in clear, over all connections.
    pub fn clear(&self) -> String {
        let heard = self.heard.lock().unwrap();
        let clear = |bytes: &Vec<u8>| bytes.iter().copied().take_while(|b| *b != HANDSHAKE).collect::<Vec<u8>>();
        heard.iter().map(|bytes| String::from_utf8_lossy(&clear(bytes)).into_owned()).collect()
    }

    /// How many bytes went each way, over all connections.
    pub fn bytes(&self) -> Cut {
        Cut { said: self.heard.lock().unwrap().iter().map(Vec::len).sum(), answered: self.answered.load(Ordering::SeqCst) }
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.heard.lock().unwrap().len()
    }

    /// Before the handshake only greetings; nothing of the message anywhere, plain or in base64.
    #[track_caller]
    pub fn nothing_in_clear(&self) {
        for line in self.clear().lines() {
            // A cut may have left a part of one.
            let is_greeting = ["EHLO council.example", "STARTTLS", "QUIT"].iter().any(|words| words.starts_with(line));
            assert!(is_greeting, "said in clear: {line:?}");
        }
        let all = self.heard.lock().unwrap().concat();
        let text = String::from_utf8_lossy(&all);
        // Base64 of the beginning of the file: "upn,name.forename".
        for planted in
            ["MAIL FROM", "RCPT TO", "AUTH", "Message-ID", "oakwood", "addr00", "Example", "Confidential", "dXBuLG5hbWUuZm9yZW5hbW"]
        {
            assert!(!text.contains(planted), "{planted} was to be read on the wire");
        }
    }
}

async fn hand_on(client: TcpStream, server: u16, cut: Cut, heard: Heard, answered: Arc<AtomicUsize>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    let number = {
        let mut heard = heard.lock().unwrap();
        heard.push(Vec::new());
        heard.len() - 1
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let out = pass(from_client, to_server, cut.said, |bytes| heard.lock().unwrap()[number].extend_from_slice(bytes));
    let back = pass(from_server, to_client, cut.answered, |bytes| {
        answered.fetch_add(bytes.len(), Ordering::SeqCst);
    });
    tokio::pin!(out, back);
    // A cut ends both ways at once; a side that has ended by itself leaves the other to end, too.
    tokio::select! {
        was_cut = &mut out => if !was_cut { back.await; },
        was_cut = &mut back => if !was_cut { out.await; },
    }
}

/// Hands on one way; `true` if it was cut.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut left: usize, mut note: impl FnMut(&[u8])) -> bool {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let bytes = &buffer[..read.min(left)];
        note(bytes);
        if to.write_all(bytes).await.is_err() {
            break;
        }
        left -= bytes.len();
        if left == 0 {
            return true;
        }
    }
    let _ = to.shutdown().await;
    false
}
