//! A secret: a password, a token. It has no way to print itself.

/// A text that is shown to nobody. Given in config as an environment variable, a file or a command, never in the text;
/// `onroll` reads it, the wires use it.
#[derive(Clone)]
pub struct Secret(String);

crate::redacted!(Secret);

impl Secret {
    /// Wraps a text that was read from where the config says.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text, for the wire that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}
