//! Reads one file of `agreements/`. Every fault has its line and column; one look at a file shows all that are wrong.

mod day;
mod email;
mod faults;
mod raw;

use std::collections::BTreeMap;

use schema::{ConfigFault, Laestab};
use toml::Spanned;

use self::faults::{Faults, nearest};
use self::raw::{RawAgreement, RawChannel, RawContact, RawTerms};
use super::agreed::{Agreement, ChannelTerms, ContactPoint, Terms};
use super::words::{Direction, MailContent, OnUnknown, Purpose, Release};
use crate::field::{Condition, Field};

/// Hours of a year: a file that may lie longer than that is not waited for.
const LONGEST_WAIT: i64 = 8760;

/// Reads a file.
pub(super) fn agreement(file: &str, text: &str) -> Result<Agreement, Vec<ConfigFault>> {
    let mut faults = Faults::new(file, text);
    let raw: RawAgreement = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(fault) => return Err(vec![faults.of_toml(&fault)]),
    };
    let recipient = recipient(&mut faults, &raw.recipient);
    filled(&mut faults, &raw.name, "name");
    filled(&mut faults, &raw.version, "version");
    if raw.until.get_ref().0 < raw.from.get_ref().0 {
        faults.at(raw.until.span(), "the agreement ends before it begins", "`until` is its last day, `from` its first");
    }
    if raw.channel.is_empty() {
        faults.at(0..0, "the agreement names no channel", "write a section [[channel]] with kind = \"folder\" or kind = \"email\"");
    }
    if raw.purpose.is_empty() {
        faults.at(0..0, "the agreement names no purpose", "write a section [purpose.address-change]");
    }
    let contacts = raw.contact.into_iter().map(|contact| contact_point(&mut faults, contact)).collect();
    let channels = raw.channel.into_iter().filter_map(|c| channel(&mut faults, c)).collect();
    let mut purposes = BTreeMap::new();
    for (name, raw) in raw.purpose {
        let purpose = word(&mut faults, &name, "purpose", Purpose::ALL, Purpose::as_str);
        if let (Some(purpose), Some(terms)) = (purpose, terms(&mut faults, &name, raw)) {
            purposes.insert(purpose, terms);
        }
    }
    let agreement = Agreement {
        recipient,
        name: raw.name.into_inner(),
        version: raw.version.into_inner(),
        in_force: raw.in_force,
        from: raw.from.get_ref().0,
        until: raw.until.get_ref().0,
        review: raw.review.0,
        contacts,
        channels,
        purposes,
        file: file.to_owned(),
        recipient_at: faults.place(raw.recipient.span().start),
        until_at: faults.place(raw.until.span().start),
    };
    faults.none().map(|()| agreement)
}

/// A school's number, in its one form.
fn recipient(faults: &mut Faults<'_>, given: &Spanned<String>) -> String {
    let text = given.get_ref().trim();
    match Laestab::parse(text) {
        Ok(school) => return school.to_string(),
        Err(_) if text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit()) => faults.at(
            given.span(),
            "the recipient is an authority, and agreements are with schools",
            "write the school's number (LAESTAB), seven digits",
        ),
        Err(_) => {
            faults.at(given.span(), "the recipient is no school's number", "write the LAESTAB, seven digits: recipient = \"8524001\"")
        }
    }
    String::new()
}

fn filled(faults: &mut Faults<'_>, given: &Spanned<String>, key: &str) {
    let text = given.get_ref();
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        faults.at(given.span(), format!("`{key}` is empty or not one line of text"), "every disclosure names the agreement; write it out");
    }
}

fn contact_point(faults: &mut Faults<'_>, raw: RawContact) -> ContactPoint {
    filled(faults, &raw.name, "name");
    if let Some(email) = &raw.email {
        address(faults, email);
    }
    ContactPoint { name: raw.name.into_inner(), email: raw.email.map(Spanned::into_inner), phone: raw.phone }
}

fn address(faults: &mut Faults<'_>, given: &Spanned<String>) {
    if !email::is_address(given.get_ref()) {
        faults.at(given.span(), "this is no email address", "write one address, without a name: office@oakwood.example");
    }
}

fn channel(faults: &mut Faults<'_>, raw: RawChannel) -> Option<ChannelTerms> {
    let path = raw.path.as_ref().map(|path| folder(faults, path));
    let hours = raw.collect_within_hours.as_ref().and_then(|hours| waiting_hours(faults, hours));
    match raw.kind.get_ref().as_str() {
        "folder" => {
            for (key, given) in [("to", &raw.to), ("content", &raw.content)] {
                if let Some(given) = given {
                    faults.at(given.span(), format!("a folder takes no `{key}`"), "this key belongs to a channel of kind \"email\"");
                }
            }
            Some(ChannelTerms::Folder { path, collect_within_hours: hours })
        }
        "email" => mail(faults, &raw, path, hours),
        _ => {
            faults.at(raw.kind.span(), format!("unknown channel \"{}\"", raw.kind.get_ref()), "known are: folder, email");
            None
        }
    }
}

fn mail(faults: &mut Faults<'_>, raw: &RawChannel, path: Option<String>, hours: Option<u32>) -> Option<ChannelTerms> {
    if let Some(to) = &raw.to {
        address(faults, to);
    } else {
        faults.at(raw.kind.span(), "the mail has no address", "write to = \"office@oakwood.example\"");
    }
    let Some(word_given) = &raw.content else {
        faults.at(raw.kind.span(), "it is not said what the mail carries", "write content = \"attachment\" or content = \"notice\"");
        return None;
    };
    let content = word(faults, word_given, "content", MailContent::ALL, MailContent::as_str)?;
    match (content, &path) {
        (MailContent::Notice, None) => faults.at(
            word_given.span(),
            "a notice needs a folder in which the file waits",
            "write path = \"out/8524001\" in this channel, or content = \"attachment\"",
        ),
        (MailContent::Attachment, Some(_)) => {
            let span = raw.path.as_ref().map_or(0..0, Spanned::span);
            faults.at(span, "an attached file waits in no folder", "leave `path` out, or write content = \"notice\"");
        }
        _ => {}
    }
    if let (MailContent::Attachment, Some(hours)) = (content, &raw.collect_within_hours) {
        faults.at(hours.span(), "nobody collects an attached file", "leave `collect_within_hours` out, or write content = \"notice\"");
    }
    Some(ChannelTerms::Email { to: raw.to.as_ref()?.get_ref().clone(), content, path, collect_within_hours: hours })
}

fn folder(faults: &mut Faults<'_>, given: &Spanned<String>) -> String {
    let path = given.get_ref();
    if path.trim().is_empty() || path.chars().any(char::is_control) || path.split(['/', '\\']).any(|part| part == "..") {
        faults.at(given.span(), "this is no folder", "write a path in the home (out/8524001) or an absolute one, without ..");
    }
    path.clone()
}

fn waiting_hours(faults: &mut Faults<'_>, given: &Spanned<i64>) -> Option<u32> {
    let hours = u32::try_from(*given.get_ref()).ok().filter(|hours| (1..=LONGEST_WAIT).contains(&i64::from(*hours)));
    if hours.is_none() {
        faults.at(given.span(), format!("`collect_within_hours` is not between 1 and {LONGEST_WAIT}"), "write 72 for three days");
    }
    hours
}

fn terms(faults: &mut Faults<'_>, name: &Spanned<String>, raw: RawTerms) -> Option<Terms> {
    let basis = raw.basis.as_ref().map(|basis| basis.get_ref().trim().to_owned()).unwrap_or_default();
    if basis.is_empty() {
        let span = raw.basis.as_ref().map_or_else(|| name.span(), Spanned::span);
        let hint = "write basis = \"Education Act 1996 s436A; UK GDPR Art 6(1)(e)\"";
        faults.at(span, format!("purpose \"{}\" has no legal basis", name.get_ref()), hint);
    }
    let article_9 = condition(faults, raw.article_9.as_ref(), "article_9");
    let article_10 = condition(faults, raw.article_10.as_ref(), "article_10");
    let fields = fields(faults, &raw.fields, article_9.is_some(), article_10.is_some());
    let direction = word(faults, &raw.direction, "direction", Direction::ALL, Direction::as_str);
    let release = word(faults, &raw.release, "release", Release::ALL, Release::as_str);
    let on_unknown = word(faults, &raw.on_unknown, "on_unknown", OnUnknown::ALL, OnUnknown::as_str);
    Some(Terms { basis, fields, direction: direction?, release: release?, on_unknown: on_unknown?, article_9, article_10 })
}

fn condition(faults: &mut Faults<'_>, given: Option<&Spanned<String>>, key: &str) -> Option<String> {
    let given = given?;
    let text = given.get_ref().trim();
    if text.is_empty() {
        faults.at(given.span(), format!("`{key}` is empty"), "name the condition, or leave the line out");
    }
    Some(text.to_owned())
}

fn fields(faults: &mut Faults<'_>, given: &Spanned<Vec<Spanned<String>>>, article_9: bool, article_10: bool) -> Vec<Field> {
    if given.get_ref().is_empty() {
        faults.at(given.span(), "the purpose names no field", "name what the recipient needs, and nothing more");
    }
    let mut fields = Vec::new();
    for name in given.get_ref() {
        let Some(field) = Field::parse(name.get_ref()) else {
            let known = Field::ALL.iter().map(|field| field.as_str());
            let hint = nearest(name.get_ref(), known.clone())
                .map_or_else(|| format!("known are: {}", known.collect::<Vec<_>>().join(", ")), |near| format!("did you mean \"{near}\"?"));
            faults.at(name.span(), format!("unknown field \"{}\"", name.get_ref()), hint);
            continue;
        };
        match field.condition() {
            Some(Condition::Article9) if !article_9 => faults.at(
                name.span(),
                format!("\"{field}\" is special-category data, and the purpose names no condition for it"),
                "write article_9 = \"the condition: UK GDPR Art 9(2) and Data Protection Act 2018 Sch 1\", or leave the field out",
            ),
            Some(Condition::Article10) if !article_10 => faults.at(
                name.span(),
                format!("\"{field}\" is police or offence data, and the purpose names no condition for it"),
                "write article_10 = \"the condition: UK GDPR Art 10 and Data Protection Act 2018 Sch 1\", or leave the field out",
            ),
            _ if fields.contains(&field) => {
                faults.at(name.span(), format!("\"{field}\" stands here twice"), "name each field once");
            }
            _ => fields.push(field),
        }
    }
    fields
}

/// One of some known words.
fn word<T: Copy>(faults: &mut Faults<'_>, given: &Spanned<String>, key: &str, all: &[T], as_str: fn(T) -> &'static str) -> Option<T> {
    let found = all.iter().copied().find(|value| as_str(*value) == given.get_ref());
    if found.is_none() {
        let known: Vec<&str> = all.iter().map(|value| as_str(*value)).collect();
        faults.at(given.span(), format!("unknown {key} \"{}\"", given.get_ref()), format!("known are: {}", known.join(", ")));
    }
    found
}
