//! The child process that reads workbooks, for the tests of this crate. The product's own binary has its entry in `onroll`.

fn main() {
    std::process::exit(formats::sandbox::child_main());
}
