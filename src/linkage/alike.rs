//! When two folded names are alike. Equality finds candidates; this only corroborates what an identifier says.

/// Alike: equal, one the other's initial, or one slip of the pen (Damerau-Levenshtein 1, adjacent swap counting as one)
/// in names of at least four letters. Two empty names are not alike.
pub(crate) fn alike(one: &str, other: &str) -> bool {
    if one.is_empty() || other.is_empty() {
        return false;
    }
    one == other || is_initial(one, other) || is_initial(other, one) || one_slip(one, other)
}

/// Surnames alike: as [`alike`]; or the words of one are all among the other's (`taylor` and `taylor jones`); or equal
/// without spaces (`al hassan` and `alhassan`).
pub(crate) fn surnames_alike(one: &str, other: &str) -> bool {
    alike(one, other) || words_within(one, other) || words_within(other, one) || equal_without_spaces(one, other)
}

/// Forenames near enough that twins are not meant: as [`alike`]; or one begins with the other (`will` and `william`,
/// `ada` and `ada mary`); or the same consonants, three at least (`mohammed` and `muhammad`), as names written down
/// from other scripts have their vowels in many ways.
pub(crate) fn forenames_near(one: &str, other: &str) -> bool {
    alike(one, other) || begins_with(one, other) || begins_with(other, one) || same_consonants(one, other)
}

fn is_initial(short: &str, long: &str) -> bool {
    let mut letters = short.chars();
    matches!((letters.next(), letters.next()), (Some(first), None) if long.starts_with(first))
}

fn begins_with(long: &str, short: &str) -> bool {
    long.strip_prefix(short).is_some_and(|rest| short.len() >= 3 || rest.starts_with(' '))
}

fn words_within(few: &str, many: &str) -> bool {
    !few.is_empty() && few.len() > 1 && few.split(' ').all(|word| many.split(' ').any(|w| w == word))
}

fn equal_without_spaces(one: &str, other: &str) -> bool {
    let letters = |text: &'_ str| text.bytes().filter(|b| *b != b' ').collect::<Vec<_>>();
    (one.contains(' ') || other.contains(' ')) && letters(one) == letters(other)
}

fn same_consonants(one: &str, other: &str) -> bool {
    fn next(letters: &mut std::str::Chars<'_>, last: char) -> Option<char> {
        letters.find(|c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | ' ') && *c != last)
    }
    let (mut a, mut b, mut last, mut count) = (one.chars(), other.chars(), ' ', 0);
    loop {
        match (next(&mut a, last), next(&mut b, last)) {
            (Some(x), Some(y)) if x == y => (last, count) = (x, count + 1),
            (None, None) => return count >= 3,
            _ => return false,
        }
    }
}

fn one_slip(one: &str, other: &str) -> bool {
    if one.len().abs_diff(other.len()) > 4 {
        return false;
    }
    if one.is_ascii() && other.is_ascii() {
        return one_slip_of(one.as_bytes(), other.as_bytes());
    }
    one_slip_of(&one.chars().collect::<Vec<_>>(), &other.chars().collect::<Vec<_>>())
}

fn one_slip_of<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    if a.len().min(b.len()) < 4 || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[front..], &b[front..]);
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[..a.len() - back], &b[..b.len() - back]) {
        ([] | [_], [] | [_]) => true,
        ([p, q], [r, s]) => p == s && q == r,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_of_the_pen_is_alike_and_two_are_not() {
        for (one, other) in [
            ("katherine", "katharine"),
            ("jonathan", "jonathon"),
            ("steven", "stevne"),
            ("fatima", "fatimah"),
            ("a", "ada"),
            ("ada", "ada"),
            ("obrien", "obrian"),
        ] {
            assert!(alike(one, other) && alike(other, one), "{one} {other}");
        }
        for (one, other) in
            [("ada", "eda"), ("hassan", "hussain"), ("", ""), ("", "ada"), ("ada", "ben"), ("martin", "nitram"), ("b", "ada"), ("李", "王")]
        {
            assert!(!alike(one, other) && !alike(other, one), "{one} {other}");
        }
    }

    #[test]
    fn a_double_barrelled_surname_is_alike_to_either_half() {
        assert!(surnames_alike("taylor jones", "jones") && surnames_alike("taylor", "taylor jones"));
        assert!(surnames_alike("al hassan", "alhassan"));
        assert!(!surnames_alike("taylor jones", "smith"));
        assert!(!surnames_alike("taylor jones", "taylor smith"));
        assert!(!surnames_alike("", "smith"));
    }

    #[test]
    fn forenames_in_short_or_in_another_spelling_are_near() {
        for (one, other) in [
            ("will", "william"),
            ("ada", "ada mary"),
            ("mohammed", "muhammad"),
            ("mohamed", "muhammad"),
            ("jo", "jo ann"),
            ("zaynab", "zainab"),
        ] {
            assert!(forenames_near(one, other) && forenames_near(other, one), "{one} {other}");
        }
        for (one, other) in [("ada", "ben"), ("leo", "lea"), ("jo", "joseph"), ("mohammed ali", "mohammed omar"), ("", "ada")] {
            assert!(!forenames_near(one, other), "{one} {other}");
        }
    }

    proptest::proptest! {
        #![proptest_config(crate::tests::config())]

        #[test]
        fn alike_is_symmetric_and_never_panics(one in "\\PC{0,8}", other in "\\PC{0,8}") {
            proptest::prop_assert_eq!(alike(&one, &other), alike(&other, &one));
            proptest::prop_assert_eq!(surnames_alike(&one, &other), surnames_alike(&other, &one));
            proptest::prop_assert_eq!(forenames_near(&one, &other), forenames_near(&other, &one));
        }

        #[test]
        fn one_changed_letter_is_alike(name in "[a-z]{4,12}", at in 0usize..12, letter in "[a-z]") {
            let mut changed = name.clone();
            let at = at % name.len();
            changed.replace_range(at..=at, &letter);
            proptest::prop_assert!(alike(&name, &changed));
        }
    }
}
