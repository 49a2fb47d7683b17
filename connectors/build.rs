//! Compiles the mapping files in: every `mappings/<system>/<name>.toml`, with its cases, by name.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

fn main() -> io::Result<()> {
    let mappings = told_by_cargo("CARGO_MANIFEST_DIR")?.join("../mappings");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", mappings.display());
    let mut files = Vec::new();
    if mappings.is_dir() {
        collect(&mappings, &mut files)?;
    }
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        let name: Vec<_> = file.strip_prefix(&mappings).unwrap_or(file).iter().map(|part| part.to_string_lossy()).collect();
        // `{:?}` writes a Rust string, whatever stands in the path.
        let _ = writeln!(code, "    ({:?}, include_str!({:?})),", name.join("/"), file.display().to_string());
    }
    code.push_str("]\n");
    fs::write(told_by_cargo("OUT_DIR")?.join("mapping_files.rs"), code)
}

#[allow(clippy::disallowed_methods, reason = "cargo tells a build script its folders in no other way")]
fn told_by_cargo(name: &str) -> io::Result<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).ok_or_else(|| io::Error::other(format!("cargo did not set {name}")))
}

/// All `.toml` files of a folder and the folders in it. Hidden ones are an editor's.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ext| ext == "toml") && !hidden {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}
