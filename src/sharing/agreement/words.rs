//! The words of an agreement: purposes, directions, who releases, what becomes of an unknown outcome.

/// One kind of word: its values, each with the text that stands in files and tables.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word in files, tables and JSON.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The value of that word.
            pub fn parse(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = String::deserialize(d)?;
                $name::parse(&word).ok_or_else(|| serde::de::Error::custom(concat!("no ", stringify!($name))))
            }
        }
    };
}

words! {
    /// What something is told for.
    Purpose {
        /// A child moved: the school on whose roll it is hears of the new address.
        AddressChange = "address-change",
    }
}

impl Purpose {
    /// The name under which files of this purpose are counted; it stands in the file name before the number.
    pub fn sequence_name(self) -> &'static str {
        match self {
            Purpose::AddressChange => "addr",
        }
    }
}

words! {
    /// Which way the purpose allows something to be told.
    Direction {
        /// We tell the recipient.
        Out = "out",
        /// The recipient tells us.
        In = "in",
        /// Either tells the other.
        Both = "both",
    }
}

words! {
    /// Who lets a message go.
    Release {
        /// It goes by itself, unless the child is restricted.
        Automatic = "automatic",
        /// The officer releases each message.
        Officer = "officer",
        /// The manager releases each message.
        Manager = "manager",
    }
}

words! {
    /// What becomes of a message of which it is not known whether it arrived.
    OnUnknown {
        /// It is sent again, under the same number: it may arrive twice.
        Resend = "resend",
        /// A person decides.
        Hold = "hold",
    }
}

words! {
    /// What a mail carries.
    MailContent {
        /// The file itself.
        Attachment = "attachment",
        /// Only the word that a file waits in a folder.
        Notice = "notice",
    }
}
