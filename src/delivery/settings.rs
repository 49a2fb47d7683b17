//! `[delivery]` of `onroll.toml`.

use std::time::Duration;

use serde::Deserialize;

/// How long things may take, how often they are tried. Every key has a default that suits a council.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Seconds that one send may take, from the first byte to the last answer. 45.
    pub timeout_seconds: u32,
    /// Seconds for which a message that is being sent belongs to this run. Another run that finds it belonging to a run
    /// that is over works out what became of it. Must be longer than `timeout_seconds` and a margin of 10. 90.
    pub lease_seconds: u32,
    /// How often a message is tried on one channel before the next one of the agreement is taken. 6.
    pub attempts_per_channel: u32,
    /// Seconds before the second try, at most; each further wait is up to twice as long. 60.
    pub backoff_first_seconds: u32,
    /// The longest wait between two tries, in seconds. 14400 (4 hours).
    pub backoff_longest_seconds: u32,
    /// So many failures in a row on one channel (email; the folder of one recipient), and it rests. 5.
    pub breaker_failures: u32,
    /// Seconds that a channel rests before one message tries it again; doubled with each try that fails, up to
    /// sixteen times. 60.
    pub breaker_seconds: u32,
    /// How many messages are taken on at once. 64.
    pub batch: u32,
    /// How many mails are on their way at the same time. 4.
    pub mails_at_once: u32,
    /// How many files are written at the same time. 8.
    pub files_at_once: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            timeout_seconds: 45,
            lease_seconds: 90,
            attempts_per_channel: 6,
            backoff_first_seconds: 60,
            backoff_longest_seconds: 14_400,
            breaker_failures: 5,
            breaker_seconds: 60,
            batch: 64,
            mails_at_once: 4,
            files_at_once: 8,
        }
    }
}

/// Past `timeout_seconds`, a channel has these seconds to see for itself that its time is over.
const GRACE_SECONDS: u32 = 2;
/// Then it is asked, for these seconds at most, what became of the message.
const RECOVER_SECONDS: u32 = 4;
/// What a lease must last beyond `timeout_seconds`: both of the above, and time to write down how it ended.
pub const MARGIN_SECONDS: u32 = GRACE_SECONDS + RECOVER_SECONDS + 4;

impl Settings {
    /// When a send is cut off.
    pub(crate) fn send_limit(&self) -> Duration {
        Duration::from_secs(u64::from(self.timeout_seconds) + u64::from(GRACE_SECONDS))
    }

    /// When the question what became of a send is cut off.
    pub(crate) fn recover_limit(&self) -> Duration {
        Duration::from_secs(RECOVER_SECONDS.into())
    }

    /// How long a lease lasts.
    pub(crate) fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_seconds.into())
    }

    /// The age of a lease from which on nothing new is begun under it: what is begun before is over when it ends.
    pub(crate) fn last_start(&self) -> Duration {
        let all = self.timeout_seconds.saturating_add(MARGIN_SECONDS);
        Duration::from_secs(self.lease_seconds.saturating_sub(all).into())
    }

    /// How often leases are renewed while a batch is on its way: twice before nothing more would be begun.
    pub(crate) fn renew_every(&self) -> Duration {
        (self.lease() / 4).min(self.last_start() / 2).max(Duration::from_millis(100))
    }
}

/// A setting under which messages could be lost or sent twice. In words for whoever writes the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("[delivery] {key}: {what}\n  {hint}")]
pub struct SettingFault {
    /// The key.
    pub key: &'static str,
    /// What is wrong.
    pub what: String,
    /// What to write.
    pub hint: String,
}

/// Says whether messages can be sent safely with these settings. `mail_timeout` is `timeout_seconds` of `[email]`, where
/// there is such a section.
///
/// # Errors
/// The first key that makes it unsafe. The program must not start then: a lease that ends while its message is being sent
/// lets another run send it again.
pub fn check(settings: &Settings, mail_timeout: Option<u64>) -> Result<(), SettingFault> {
    let at_least_one = [
        ("timeout_seconds", settings.timeout_seconds),
        ("attempts_per_channel", settings.attempts_per_channel),
        ("backoff_first_seconds", settings.backoff_first_seconds),
        ("breaker_failures", settings.breaker_failures),
        ("breaker_seconds", settings.breaker_seconds),
        ("batch", settings.batch),
        ("mails_at_once", settings.mails_at_once),
        ("files_at_once", settings.files_at_once),
    ];
    if let Some((key, _)) = at_least_one.into_iter().find(|(_, value)| *value == 0) {
        return Err(SettingFault { key, what: "0 means that nothing could be sent".to_owned(), hint: "write 1 or more".to_owned() });
    }
    if let Some(mail) = mail_timeout.filter(|mail| *mail > u64::from(settings.timeout_seconds)) {
        return Err(SettingFault {
            key: "timeout_seconds",
            what: format!(
                "{} is shorter than timeout_seconds of [email] ({mail}): mails would be cut off midway",
                settings.timeout_seconds
            ),
            hint: format!("write timeout_seconds = {mail} or more here, or less under [email]"),
        });
    }
    if settings.lease_seconds <= settings.timeout_seconds.saturating_add(MARGIN_SECONDS) {
        return Err(SettingFault {
            key: "lease_seconds",
            what: format!(
                "{} must be longer than timeout_seconds ({}) and a margin of {MARGIN_SECONDS}: the lease would end while the message is being \
                 sent, and it could be sent twice",
                settings.lease_seconds, settings.timeout_seconds
            ),
            hint: format!("write lease_seconds = {} or more", settings.timeout_seconds.saturating_add(MARGIN_SECONDS + 1)),
        });
    }
    if settings.backoff_longest_seconds < settings.backoff_first_seconds {
        return Err(SettingFault {
            key: "backoff_longest_seconds",
            what: format!("{} is shorter than backoff_first_seconds", settings.backoff_longest_seconds),
            hint: format!("write {} or more", settings.backoff_first_seconds),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_safe_with_the_usual_mail_timeout() {
        assert_eq!(check(&Settings::default(), Some(30)), Ok(()));
        assert_eq!(check(&Settings::default(), None), Ok(()));
    }

    #[test]
    fn a_lease_that_ends_with_the_send_is_refused() {
        for lease_seconds in [0, 45, 55] {
            let fault = check(&Settings { lease_seconds, ..Settings::default() }, None).unwrap_err();
            assert_eq!(fault.key, "lease_seconds");
            assert!(fault.to_string().contains("56 or more"), "{fault}");
        }
        assert_eq!(check(&Settings { lease_seconds: 56, ..Settings::default() }, None), Ok(()));
    }

    #[test]
    fn a_mail_that_may_last_longer_than_a_send_is_refused() {
        let fault = check(&Settings::default(), Some(50)).unwrap_err();
        assert_eq!(fault.key, "timeout_seconds");
        assert!(fault.hint.contains("50"));
    }

    #[test]
    fn nothing_may_be_nought() {
        assert_eq!(check(&Settings { batch: 0, ..Settings::default() }, None).unwrap_err().key, "batch");
        assert_eq!(check(&Settings { attempts_per_channel: 0, ..Settings::default() }, None).unwrap_err().key, "attempts_per_channel");
    }

    #[test]
    fn huge_numbers_are_refused_without_overflow() {
        let huge = Settings { timeout_seconds: u32::MAX, lease_seconds: u32::MAX, ..Settings::default() };
        assert_eq!(check(&huge, None).unwrap_err().key, "lease_seconds");
        assert_eq!(huge.last_start(), Duration::ZERO);
    }

    #[test]
    fn leases_are_renewed_before_they_are_too_old_to_begin_anything() {
        for lease_seconds in [56, 60, 90, 600] {
            let settings = Settings { lease_seconds, ..Settings::default() };
            assert!(settings.renew_every() * 2 <= settings.last_start(), "{lease_seconds}");
        }
    }

    #[test]
    fn a_key_that_is_none_is_refused() {
        assert!(serde_json::from_str::<Settings>(r#"{"leese_seconds": 60}"#).is_err());
        let one: Settings = serde_json::from_str(r#"{"batch": 10}"#).unwrap();
        assert_eq!(one, Settings { batch: 10, ..Settings::default() });
    }
}
