//! Invented children, the same for the same number, and the files in which systems tell of them.

use chrono::NaiveDate;

/// An invented child. All live in Test Road, are of school age, and differ in name, birth date, UPN and house.
#[derive(Debug, Clone)]
pub struct Person {
    /// Which one; also the admission number, six digits.
    pub number: u32,
    /// UPN with a right check letter.
    pub upn: String,
    /// NHS number with a right check digit.
    pub nhs: String,
    /// Surname.
    pub surname: String,
    /// Forename.
    pub forename: String,
    /// Birth date, in 2014.
    pub dob: NaiveDate,
    /// House and street.
    pub street: String,
    /// Postcode, in the area of 852.
    pub postcode: String,
}

impl Person {
    /// The child of that number.
    pub fn of(number: u32) -> Person {
        let dob = NaiveDate::from_ymd_opt(2014, number / 28 % 12 + 1, number % 28 + 1).unwrap();
        Person {
            number,
            upn: upn(number),
            nhs: nhs(number),
            surname: format!("Example{}", letters(number)),
            forename: "Ada".to_owned(),
            dob,
            street: format!("{} Test Road", number % 90 + 1),
            postcode: "SO14 0AA".to_owned(),
        }
    }

    /// Birth date as schools write it.
    pub fn day(&self) -> String {
        self.dob.format("%d/%m/%Y").to_string()
    }

    /// The row of a pupil on roll; see [`PUPILS`].
    pub fn pupil(&self) -> String {
        let (house, street) = self.street.split_once(' ').unwrap();
        format!(
            "{:06},{},{},{},{},F,8,8A,04/09/2024,{house},{street},Southampton,{}\n",
            self.number,
            self.upn,
            self.surname,
            self.forename,
            self.day(),
            self.postcode
        )
    }

    /// The row of a leaver; see [`LEAVERS`].
    pub fn leaver(&self, left: &str, reason: &str, destination: &str) -> String {
        format!(
            "{:06},{},{},{},{},04/09/2024,{left},{reason},{destination},{}\n",
            self.number,
            self.upn,
            self.surname,
            self.forename,
            self.day(),
            self.postcode
        )
    }

    /// The `<Record>` of a SIMS report in XML.
    pub fn record(&self) -> String {
        format!(
            "  <Record><Adno>{:06}</Adno><UPN>{}</UPN><Legal_x0020_Surname>{}</Legal_x0020_Surname><Legal_x0020_Forename>{}</Legal_x0020_Forename><DOB>{}T00:00:00</DOB><Year>Year  8</Year><Post_x0020_Code>{}</Post_x0020_Code></Record>\n",
            self.number, self.upn, self.surname, self.forename, self.dob, self.postcode
        )
    }

    /// The row of Child Health's list; see [`HEALTH`].
    pub fn health(&self) -> String {
        format!("{},{},{},{},F,{},Southampton,{}\n", self.nhs, self.surname, self.forename, self.day(), self.street, self.postcode)
    }

    /// The row of ONE's export; see [`ONE`].
    pub fn one(&self) -> String {
        format!(
            "{},{},{},{},{},{},Southampton,{}\n",
            self.number, self.upn, self.surname, self.forename, self.dob, self.street, self.postcode
        )
    }
}

/// Header of a school's pupils report.
pub const PUPILS: &str = "Adno,UPN,Legal Surname,Legal Forename,DOB,Gender,Year,Reg,Date of Admission,House No,Street,Town,Post Code\n";
/// Header of a school's leavers report.
pub const LEAVERS: &str =
    "Adno,UPN,Legal Surname,Legal Forename,DOB,Date of Admission,Date of Leaving,Reason for Leaving,Destination Institution,Post Code\n";
/// Header of Child Health's list.
pub const HEALTH: &str = "NHS Number,Surname,Forename,Date of Birth,Sex,Address Line 1,Town,Postcode\n";
/// Header of ONE's export.
pub const ONE: &str = "PersonID,UPN,FamilyName,GivenName,DateOfBirth,AddressLine1,Town,Postcode\n";

/// A pupils export of a SIMS school as CSV: n children, numbered from `first`.
pub fn pupils(first: u32, n: u32) -> String {
    (first..first + n).fold(PUPILS.to_owned(), |text, i| text + &Person::of(i).pupil())
}

/// The same as a SuperStar report.
pub fn pupils_xml(first: u32, n: u32) -> String {
    let records: String = (first..first + n).map(|i| Person::of(i).record()).collect();
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<SuperStarReport>\n{records}</SuperStarReport>\n")
}

/// Child Health's list of children.
pub fn health(first: u32, n: u32) -> String {
    (first..first + n).fold(HEALTH.to_owned(), |text, i| text + &Person::of(i).health())
}

/// ONE's export of children without a base.
pub fn one(first: u32, n: u32) -> String {
    (first..first + n).fold(ONE.to_owned(), |text, i| text + &Person::of(i).one())
}

/// A UPN with a right check letter, for tests: authority 852 and the number given.
pub fn upn(n: u32) -> String {
    const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";
    let digits = format!("852{n:09}");
    let sum: usize = digits.bytes().enumerate().map(|(place, d)| usize::from(d - b'0') * (place + 2)).sum();
    format!("{}{digits}", LETTERS[sum % 23] as char)
}

/// An NHS number with a right check digit (modulus 11; a number whose check digit would be 10 is never issued).
pub fn nhs(n: u32) -> String {
    let check = |digits: &str| 11 - digits.bytes().enumerate().map(|(i, d)| u32::from(d - b'0') * (10 - i as u32)).sum::<u32>() % 11;
    let digits = (n * 2..).map(|n| format!("9{n:08}")).find(|d| check(d) != 10).unwrap();
    format!("{digits}{}", check(&digits) % 11)
}

/// A number in letters, so that names differ.
fn letters(mut n: u32) -> String {
    let mut text = String::new();
    loop {
        text.push((b'a' + (n % 26) as u8) as char);
        n /= 26;
        if n == 0 {
            return text;
        }
    }
}
