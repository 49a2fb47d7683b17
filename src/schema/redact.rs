//! Personal values never show themselves in `Debug`: a log line or a panic that prints one says only its kind.

/// Implements `Debug` for a type that holds personal data: it prints its name and nothing of its content.
#[macro_export]
macro_rules! redacted {
    ($($name:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    )+};
}
