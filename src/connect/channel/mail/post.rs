//! Handing one mail to the server, and knowing how far it came.
//!
//! The end of the content is the line that takes: before it nothing can have been accepted, and the same mail may be sent
//! again; after it only the server's answer says what became of it (RFC 5321 section 4.1.1.4, and RFC 1047 on the reply
//! that is lost).

use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Quit, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};
use schema::Secret;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::settings::{MailFault, MailSettings, MailTls};
use super::text::Mail;
use super::{trust, wire, words};
use crate::channel::Outcome;

/// How long we wait for the answer to our leave-taking. The mail is settled by then.
pub(super) const LEAVE: Duration = Duration::from_secs(1);

/// How far a mail came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Step {
    /// Connecting, encrypting, greeting.
    Connect,
    /// Logging in.
    Login,
    /// Naming the sender.
    From,
    /// Naming the recipient.
    To,
    /// Asking to give the content.
    Data,
    /// Giving the content.
    Content,
    /// The end of the content was given, or may have been.
    End,
}

/// The step of a try, also when the try is broken off by its time limit.
#[derive(Default)]
struct Progress(AtomicU8);

impl Progress {
    fn at(&self, step: Step) {
        self.0.store(step as u8, Ordering::SeqCst);
    }

    fn now(&self) -> Step {
        let reached = self.0.load(Ordering::SeqCst);
        [Step::Connect, Step::Login, Step::From, Step::To, Step::Data, Step::Content]
            .into_iter()
            .find(|step| *step as u8 == reached)
            .unwrap_or(Step::End)
    }
}

/// Why a mail was not taken.
enum Stopped {
    NoWire(wire::NoWire),
    Smtp(Error),
    /// A positive answer that does not fit the question.
    OddAnswer,
}

impl From<Error> for Stopped {
    fn from(fault: Error) -> Stopped {
        Stopped::Smtp(fault)
    }
}

impl Stopped {
    fn told(&self, tls: MailTls, step: Step) -> Outcome {
        match self {
            Stopped::NoWire(fault) => words::no_wire(fault, tls),
            Stopped::Smtp(fault) => words::smtp(fault, step),
            Stopped::OddAnswer => words::odd_answer(step),
        }
    }
}

/// The server that takes our mail.
pub(super) struct Server {
    host: String,
    port: u16,
    tls: MailTls,
    name: ServerName<'static>,
    connector: TlsConnector,
    hello: String,
    login: Option<(String, Secret)>,
    limit: Duration,
}

impl Server {
    pub(super) fn of(settings: &MailSettings, password: Option<Secret>, home: &Path, from: &Mailbox) -> Result<Server, MailFault> {
        settings.check(password.is_some())?;
        Ok(Server {
            host: settings.host.clone(),
            port: settings.port,
            tls: settings.tls,
            name: ServerName::try_from(settings.host.clone()).map_err(|_| MailFault::Host)?,
            connector: trust::connector(settings.ca_file.as_ref().map(|file| home.join(file)).as_deref())?,
            hello: settings.hello.clone().unwrap_or_else(|| from.email.domain().to_owned()),
            login: settings.user.clone().zip(password),
            limit: settings.timeout(),
        })
    }

    /// Hands a mail over.
    pub(super) async fn post(&self, mail: &Mail) -> Outcome {
        let progress = Progress::default();
        let Ok(ended) = timeout(self.limit, self.dialogue(mail, &progress)).await else {
            return words::too_late(self.limit, progress.now());
        };
        match ended {
            Ok((mut server, taken)) => {
                // The server may take its time to say goodbye, or say nothing; the mail no longer depends on it.
                let _ = timeout(LEAVE, server.command(Quit)).await;
                match taken {
                    Ok(answer) => Outcome::sent(words::taken(&answer)),
                    Err(stopped) => stopped.told(self.tls, progress.now()),
                }
            }
            Err(stopped) => stopped.told(self.tls, progress.now()),
        }
    }

    /// Connects and hands over. The connection comes back, so that leave is taken after the time limit.
    async fn dialogue(&self, mail: &Mail, progress: &Progress) -> Result<(AsyncSmtpConnection, Result<Response, Stopped>), Stopped> {
        progress.at(Step::Connect);
        let wire = match self.tls {
            MailTls::Implicit => wire::implicit(&self.host, self.port, &self.name, &self.connector).await,
            MailTls::Starttls => wire::starttls(&self.host, self.port, &self.hello, &self.name, &self.connector).await,
        };
        let wire = Box::new(wire.map_err(Stopped::NoWire)?);
        let mut server = AsyncSmtpConnection::connect_with_transport(wire, &ClientId::Domain(self.hello.clone())).await?;
        let taken = self.hand_over(&mut server, mail, progress).await;
        Ok((server, taken))
    }

    async fn hand_over(&self, server: &mut AsyncSmtpConnection, mail: &Mail, progress: &Progress) -> Result<Response, Stopped> {
        if let Some((user, password)) = &self.login {
            progress.at(Step::Login);
            let credentials = Credentials::new(user.clone(), password.expose().to_owned());
            completed(server.auth(DEFAULT_MECHANISMS, &credentials).await?)?;
        }
        progress.at(Step::From);
        completed(server.command(MailFrom::new(mail.envelope.from().cloned(), Vec::new())).await?)?;
        progress.at(Step::To);
        for to in mail.envelope.to() {
            completed(server.command(Rcpt::new(to.clone(), Vec::new())).await?)?;
        }
        progress.at(Step::Data);
        if !server.command(Data).await?.has_code(354) {
            return Err(Stopped::OddAnswer);
        }
        progress.at(Step::Content);
        // The content first; when it has been written, and the next part is asked for, the end follows.
        let mut content = Some(mail.bytes.as_slice());
        let parts = std::iter::from_fn(|| {
            let part = content.take();
            if part.is_none() {
                progress.at(Step::End);
            }
            part
        });
        completed(server.message_iter(parts).await?)
    }
}

/// A 2xx answer. 3xx, which the dialogue takes for a good one as well, fits none of these questions.
fn completed(answer: Response) -> Result<Response, Stopped> {
    if answer.code().severity == Severity::PositiveCompletion { Ok(answer) } else { Err(Stopped::OddAnswer) }
}
