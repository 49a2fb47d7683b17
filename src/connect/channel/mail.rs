//! The mail channel: one mail per message to the council's mail server, which takes it from there.
//!
//! Encrypted always: TLS 1.2 or 1.3, the certificate verified, whether by STARTTLS or from the first byte. Before that
//! nothing is said but EHLO, STARTTLS and QUIT. There is no setting that turns this off.
//!
//! A connection of its own for each mail, so that a broken one cannot touch another mail.

mod post;
mod settings;
mod text;
mod trust;
mod wire;
mod words;

use std::path::Path;
use std::sync::Arc;

use lettre::message::Mailbox;
use schema::{Clock, Secret};
use sharing::{ChannelTerms, MailContent};

use super::folder::{FolderChannel, Work};
use super::{Channel, Letter, Outcome, Sending};
use post::Server;
pub use settings::{MailFault, MailSettings, MailTls};

/// Sends mails.
pub struct MailChannel {
    server: Server,
    from: Mailbox,
    clock: Arc<dyn Clock>,
    /// For notices: the file itself waits in a folder.
    folder: FolderChannel,
}

impl MailChannel {
    /// The channel of a home. The certificate authorities are read now; the server is not asked for anything yet.
    ///
    /// # Errors
    /// A setting that cannot work.
    pub fn new(settings: MailSettings, password: Option<Secret>, home: &Path, clock: Arc<dyn Clock>) -> Result<MailChannel, MailFault> {
        let from = settings.sender()?;
        let server = Server::of(&settings, password, home, &from)?;
        Ok(MailChannel { server, from, clock, folder: FolderChannel::new(home) })
    }

    async fn send_letter(&self, letter: &Letter<'_>) -> Outcome {
        let ChannelTerms::Email { to, content, .. } = letter.terms else {
            return Outcome::refused("this channel of the agreement is not email");
        };
        let mail = match text::mail(letter, &self.from, to, *content, self.clock.now()) {
            Ok(mail) => mail,
            Err(what) => return Outcome::refused(what),
        };
        if *content == MailContent::Notice {
            match self.folder.run(letter, Work::Put).await {
                Outcome::Sent { .. } => {}
                other => return other,
            }
        }
        self.server.post(&mail).await
    }

    /// A mail leaves no trace that we could look at. Of a notice, the file may show that it was never sent.
    async fn look_back(&self, letter: &Letter<'_>) -> Outcome {
        let is_notice = matches!(letter.terms, ChannelTerms::Email { content: MailContent::Notice, .. });
        if is_notice && let Outcome::Retry { reason } = self.folder.run(letter, Work::Recover).await {
            return Outcome::Retry { reason };
        }
        Outcome::unknown("the program stopped while the mail was sent: whether the server took it is not known")
    }
}

impl Channel for MailChannel {
    fn kind(&self) -> &'static str {
        "email"
    }

    fn send<'a>(&'a self, letter: &'a Letter<'a>) -> Sending<'a> {
        Box::pin(self.send_letter(letter))
    }

    fn recover<'a>(&'a self, letter: &'a Letter<'a>) -> Sending<'a> {
        Box::pin(self.look_back(letter))
    }

    fn is_collected(&self, letter: &Letter<'_>) -> Option<bool> {
        self.folder.is_collected(letter)
    }
}
