//! Agreements with schools: who may be told what of a child, and by which channel. One file a school.

use std::path::Path;

use crate::DemoError;
use crate::council::Council;
use crate::home::{put, quoted};
use crate::school::{Listing, School};
use crate::town::HOME;

/// What the council has agreed with a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Nothing.
    Nothing,
    /// To be told by folder.
    Folder,
    /// By folder, and by e-mail where that fails.
    FolderThenEmail,
    /// By e-mail alone: the mail server of the demo does not answer.
    Email,
    /// An agreement stands in the file that nobody has signed yet.
    NotInForce,
}

impl Sharing {
    /// Whether what is sent to the school arrives.
    pub fn is_told(self) -> bool {
        matches!(self, Sharing::Folder | Sharing::FolderThenEmail)
    }
}

/// Agrees with each school of the council that sends its roll. The last primary, secondary and infant school are the exceptions.
pub fn agree(schools: &mut [School]) {
    let partner = |s: &School| s.la == HOME && s.listing == Listing::Sims;
    for (i, school) in schools.iter_mut().enumerate().filter(|(_, s)| partner(s)) {
        school.sharing = if i % 5 == 2 { Sharing::FolderThenEmail } else { Sharing::Folder };
    }
    for (phase, sharing) in [("primary", Sharing::Nothing), ("secondary", Sharing::Email), ("infant", Sharing::NotInForce)] {
        if let Some(last) = schools.iter_mut().rev().find(|s| partner(s) && s.phase == phase) {
            last.sharing = sharing;
        }
    }
}

/// Writes `agreements/`, and the folders from which schools collect.
///
/// # Errors
/// A file cannot be written.
pub fn write(council: &Council, dir: &Path) -> Result<(), DemoError> {
    for school in &council.schools {
        if let Some(text) = text(school) {
            put(dir, &format!("agreements/{}.toml", school.laestab), &text)?;
        }
        if school.sharing.is_told() {
            let folder = dir.join("out").join(&school.laestab);
            std::fs::create_dir_all(&folder).map_err(|e| DemoError::Write(folder, e))?;
        }
    }
    Ok(())
}

const FOLDER: &str = "\n[[channel]]\nkind = \"folder\"\ncollect_within_hours = 72\n";

/// The agreement of a school, if there is one.
fn text(school: &School) -> Option<String> {
    let email = format!("office@school-{}.example", school.laestab);
    let mail = format!("\n[[channel]]\nkind = \"email\"\nto = \"{email}\"\ncontent = \"attachment\"\n");
    let (in_force, channels) = match school.sharing {
        Sharing::Nothing => return None,
        Sharing::Folder => (true, FOLDER.to_owned()),
        Sharing::FolderThenEmail => (true, format!("{FOLDER}{mail}")),
        Sharing::Email => (true, mail),
        Sharing::NotInForce => (false, FOLDER.to_owned()),
    };
    let comment = if in_force { "" } else { "# Nobody has signed it yet.\n" };
    Some(format!(
        "# An invented agreement with an invented school.\n{comment}recipient = \"{}\"\nname = {}\nversion = \"2026-1\"\n\
         in_force = {in_force}\nfrom = 2026-09-01\nuntil = 2027-08-31\nreview = 2027-06-01\n\n\
         [[contact]]\nname = \"Head of office\"\nemail = \"{email}\"\n{channels}\n\
         [purpose.address-change]\nbasis = \"Education Act 1996 s436A; UK GDPR Art 6(1)(e)\"\n\
         fields = [\"upn\", \"name.forename\", \"name.surname\", \"dob\", \"address.lines\", \"address.town\", \"address.postcode\", \"address.from\"]\n\
         direction = \"out\"\nrelease = \"automatic\"\non_unknown = \"resend\"\n",
        school.laestab,
        quoted(&school.name)
    ))
}
