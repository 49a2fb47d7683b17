//! Agreements as a council writes them.

/// The channel of most tests: a folder of the home.
pub const FOLDER: &str = "[[channel]]\nkind = \"folder\"\n";

/// What most tests agree on.
pub const FIELDS: [&str; 8] =
    ["upn", "name.forename", "name.surname", "dob", "address.lines", "address.town", "address.postcode", "address.from"];

/// An agreement with a school about changes of address.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// The school's LAESTAB.
    pub school: String,
    /// Whether it is in force at all.
    pub in_force: bool,
    /// First and last day.
    pub valid: [String; 2],
    /// The channels, as TOML.
    pub channels: String,
    /// The fields.
    pub fields: Vec<String>,
    /// `automatic`, `officer`, `manager`.
    pub release: String,
    /// `resend`, `hold`.
    pub on_unknown: String,
    /// `out`, `in`, `both`.
    pub direction: String,
}

impl Agreement {
    /// In force this school year, by folder, without a person's word.
    pub fn with(school: &str) -> Agreement {
        Agreement {
            school: school.to_owned(),
            in_force: true,
            valid: ["2026-09-01".to_owned(), "2027-08-31".to_owned()],
            channels: FOLDER.to_owned(),
            fields: FIELDS.map(str::to_owned).to_vec(),
            release: "automatic".to_owned(),
            on_unknown: "resend".to_owned(),
            direction: "out".to_owned(),
        }
    }

    /// The same by these channels.
    pub fn by(mut self, channels: &str) -> Agreement {
        channels.clone_into(&mut self.channels);
        self
    }

    /// A channel: mail to the school's office with the file (`attachment`), or with the word that one waits (`notice`).
    pub fn mail(&self, content: &str) -> String {
        let path = if content == "notice" { format!("path = \"out/{}\"\n", self.school) } else { String::new() };
        format!("[[channel]]\nkind = \"email\"\nto = \"office@school-{}.example\"\ncontent = \"{content}\"\n{path}", self.school)
    }

    /// The file.
    pub fn toml(&self) -> String {
        let Agreement { school, in_force, valid: [from, until], channels, release, on_unknown, direction, .. } = self;
        let fields = self.fields.iter().map(|f| format!("\"{f}\"")).collect::<Vec<_>>().join(", ");
        format!(
            "recipient = \"{school}\"\nname = \"School {school}\"\nversion = \"2026-1\"\nin_force = {in_force}\nfrom = {from}\nuntil = {until}\nreview = 2027-06-01\n\n\
             [[contact]]\nname = \"Head of office\"\nemail = \"office@school-{school}.example\"\n\n{channels}\n\
             [purpose.address-change]\nbasis = \"Education Act 1996 s436A; UK GDPR Art 6(1)(e)\"\nfields = [{fields}]\n\
             direction = \"{direction}\"\nrelease = \"{release}\"\non_unknown = \"{on_unknown}\"\n"
        )
    }
}
