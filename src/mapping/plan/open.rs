//! Parts of a record are made only when there is a value to put into them.

use schema::provision::{AddressChange, Exclusion, HomeEducation, Offer, OfferStatus, Restriction, RestrictionKind, Suitability};
use schema::{Address, Contact, Record};

/// A place for a part that opens when it is first needed.
pub(super) trait Opens<T> {
    /// The part, made if it is not there.
    fn open(&mut self) -> &mut T;
}

impl<T: Default> Opens<T> for Option<T> {
    fn open(&mut self) -> &mut T {
        self.get_or_insert_default()
    }
}

/// A row has one part of each list; a fresh record's list holds that one.
impl<T: Default> Opens<T> for Vec<T> {
    fn open(&mut self) -> &mut T {
        first_or(self, T::default)
    }
}

fn first_or<T>(list: &mut Vec<T>, make: impl FnOnce() -> T) -> &mut T {
    if list.is_empty() {
        list.push(make());
    }
    &mut list[0]
}

/// The place of contact 1 to 4 of a row among the record's contacts.
pub(super) struct ContactPlace<'a> {
    pub(super) contacts: &'a mut Vec<Contact>,
    pub(super) place: &'a mut Option<usize>,
}

impl Opens<Contact> for ContactPlace<'_> {
    fn open(&mut self) -> &mut Contact {
        let at = *self.place.get_or_insert_with(|| {
            self.contacts.push(Contact::default());
            self.contacts.len() - 1
        });
        &mut self.contacts[at]
    }
}

impl Opens<Address> for ContactPlace<'_> {
    fn open(&mut self) -> &mut Address {
        Opens::<Contact>::open(self).address.get_or_insert_default()
    }
}

/// The place of one of the two addresses of a change.
pub(super) struct ChangePlace<'a> {
    pub(super) changes: &'a mut Vec<AddressChange>,
    /// The address that was left; else the new one.
    pub(super) left: bool,
}

impl Opens<Address> for ChangePlace<'_> {
    fn open(&mut self) -> &mut Address {
        let change = self.changes.open();
        if self.left { change.from.open() } else { change.to.open() }
    }
}

/// Home education: not assessed until somebody says what was found.
pub(super) fn home_education(record: &mut Record) -> &mut HomeEducation {
    record.home_education.get_or_insert(HomeEducation {
        from: None,
        to: None,
        notice: None,
        suitability: Suitability::NotAssessed,
        assessed: None,
    })
}

/// A restriction: of no kind until one is named.
pub(super) fn restriction(record: &mut Record) -> &mut Restriction {
    record.restriction.get_or_insert(Restriction { kind: RestrictionKind::Restricted, from: None })
}

/// An offer: made, until an answer is named.
pub(super) fn offer(record: &mut Record) -> &mut Offer {
    first_or(&mut record.offers, || Offer { school: None, offered: None, status: OfferStatus::Offered, starts: None })
}

/// An exclusion: a suspension, until it is said to be permanent.
pub(super) fn exclusion(record: &mut Record) -> &mut Exclusion {
    first_or(&mut record.exclusions, || Exclusion {
        permanent: false,
        from: None,
        to: None,
        reason: String::new(),
        school: None,
        provision_from: None,
    })
}
