//! What the child forbids itself before it reads.

use schema::raw::ReadFault;

/// Sets the limits; the hard ones too, so that they cannot be raised again.
#[cfg(unix)]
pub(super) fn apply() -> Result<(), ReadFault> {
    use rlimit::Resource;
    let limits = [
        (Resource::AS, super::MEMORY_MIB << 20),
        (Resource::CPU, super::CPU_SECONDS),
        // No file may be written, and a crash leaves no image of memory with personal data behind.
        (Resource::FSIZE, 0),
        (Resource::CORE, 0),
        // Standard input, output and error are open already.
        (Resource::NOFILE, 3),
    ];
    for (resource, wanted) in limits {
        let hard = resource.get().map_or(wanted, |(_, hard)| hard.min(wanted));
        if resource.set(hard, hard).is_err() {
            return Err(ReadFault::ours(
                "the limited process for workbooks could not limit itself",
                "ask ICT; until then send the list as CSV",
            ));
        }
    }
    Ok(())
}

/// Only Unix systems can limit a process from inside.
#[cfg(not(unix))]
pub(super) fn apply() -> Result<(), ReadFault> {
    Err(ReadFault::ours("workbooks cannot be read safely on this operating system", "send the list as CSV, or run the hub on Linux"))
}
