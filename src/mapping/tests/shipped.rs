//! The mappings that come with Onroll: they load, their cases hold, and each kind of file fits exactly one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use mapping::Library;
use schema::Columns;

fn shipped() -> Library {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings");
    let mut files = Vec::new();
    for system in std::fs::read_dir(&root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        for file in std::fs::read_dir(&system).unwrap().map(|e| e.unwrap().path()) {
            let path = format!("{}/{}", system.file_name().unwrap().to_str().unwrap(), file.file_name().unwrap().to_str().unwrap());
            files.push((path, std::fs::read_to_string(&file).unwrap()));
        }
    }
    Library::load(files).unwrap_or_else(|faults| panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

fn columns(headings: &str) -> Columns {
    let mut columns = Columns::default();
    for heading in headings.split(',') {
        columns.add(heading);
    }
    columns
}

#[test]
fn every_case_holds_and_every_mapping_has_cases() {
    let library = shipped();
    let outcomes = library.run_cases(None);
    let failed: Vec<String> = outcomes.iter().filter(|o| !o.ok).map(|o| format!("{}\n{}", o.id, o.difference)).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
    for mapping in library.iter() {
        assert!(library.run_cases(Some(&mapping.id)).len() >= 4, "{} has too few cases", mapping.id);
    }
}

#[test]
fn each_kind_of_file_fits_exactly_one_mapping() {
    let library = shipped();
    for (system, fits, headings) in [
        (
            "sims",
            "sims/pupils",
            "Adno,UPN,Legal Surname,Legal Forename,Middle Names,DOB,Gender,Year,Reg,Date of Admission,Date of Leaving,Reason for Leaving,Destination Institution,House No,Street,Town,Post Code,UPRN,Ethnicity,Last Attended",
        ),
        (
            "sims",
            "sims/pupils",
            "primary_id,UPN,Adno,Legal Surname,Forename,DOB,Year,Reg,Date of Admission,Date of Leaving,Reason for Leaving,Destination After Leaving,Post Code",
        ),
        (
            "sims",
            "sims/leavers",
            "Adno,UPN,Legal Surname,Legal Forename,DOB,Gender,Date of Leaving,Reason for Leaving,Destination Institution",
        ),
        ("sims", "sims/joiners", "Adno,UPN,Legal Surname,Legal Forename,DOB,Gender,Date of Admission,Post Code"),
        (
            "capita-one",
            "capita-one/children",
            "PersonID,UPN,FormerUPN,FamilyName,LongSurname,GivenName,DateOfBirth,Gender,BaseLAEstab,BaseStartDate,BaseEndDate,LeavingReason,Destination,AddressLine1,Town,Postcode,UPRN",
        ),
        (
            "lists",
            "lists/health",
            "NHS Number,Surname,Forename,Date of Birth,Sex,Address Line 1,Address Line 2,Town,Postcode,UPRN,Address From,Extract Date",
        ),
        (
            "lists",
            "lists/ehe",
            "EHE Ref,UPN,Surname,Forename,Date of Birth,Sex,Address Line 1,Town,Postcode,EHE Start Date,EHE End Date,Parent Notice Date,Suitability,Date Assessed,Extract Date",
        ),
        (
            "lists",
            "lists/send",
            "SEND Ref,UPN,Surname,Forename,Date of Birth,Sex,SEN Status,EHC Plan Date,Placement Type,Placement Start,Placement End,Named School LAESTAB,Address Line 1,Town,Postcode,Extract Date",
        ),
        (
            "lists",
            "lists/independent",
            "School LAESTAB,Pupil ID,UPN,Surname,Forename,Date of Birth,Sex,Year Group,Date of Entry,Date of Leaving,Reason for Leaving,Destination,Address Line 1,Town,Postcode,Extract Date",
        ),
        (
            "lists",
            "lists/cross-border",
            "School LAESTAB,School Name,UPN,Surname,Forename,Date of Birth,Sex,Year Group,Entry Date,Leaving Date,Address Line 1,Postcode,Extract Date",
        ),
        (
            "lists",
            "lists/offers",
            "Application Ref,UPN,Surname,Forename,Date of Birth,Sex,Address Line 1,Town,Postcode,School LAESTAB,Offer Date,Offer Status,Start Date,Extract Date",
        ),
    ] {
        let columns = columns(headings);
        let fitting: Vec<&str> = library.fitting(system, &columns).iter().map(|m| m.id.as_str()).collect();
        assert_eq!(fitting, [fits], "{headings}");
        // Whatever the system's mappings are called, each of these files is used whole.
        assert_eq!(library.get(fits).unwrap().plan(&columns, None).unused(), Vec::<String>::new(), "{fits}");
    }
}

#[test]
fn each_kind_of_change_of_address_fits_exactly_one_mapping() {
    let library = shipped();
    for (system, fits, headings) in [
        (
            "housing",
            "housing/address-changes",
            "reference,moved_on,kind,from_uprn,from_address,from_postcode,to_uprn,to_address,to_town,to_postcode,forename,surname,dob,protected",
        ),
        ("housing", "housing/address-changes", "reference,moved_on,kind,from.lines,from.postcode,to.uprn,people.forename,protected"),
        ("housing", "housing/contact-details", "id,eventType,dateTime,entityId,eventData.oldData.value,eventData.newData.contactType"),
    ] {
        let fitting: Vec<&str> = library.fitting(system, &columns(headings)).iter().map(|m| m.id.as_str()).collect();
        assert_eq!(fitting, [fits], "{headings}");
    }
}

#[test]
fn the_manual_s_example_works_and_names_every_target() {
    let manual = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings/README.md")).unwrap();
    let mut texts = manual.split("```toml\n").skip(1).map(|t| t.split("```").next().unwrap().to_owned());
    let files = [
        ("lists/ehe-neighbour.toml".to_owned(), texts.next().unwrap()),
        ("lists/ehe-neighbour.cases.toml".to_owned(), texts.next().unwrap()),
    ];
    let outcomes = Library::load(files).unwrap().run_cases(None);
    assert!(outcomes.iter().all(|o| o.ok) && !outcomes.is_empty(), "{outcomes:?}");
    for (path, _) in mapping::targets() {
        let last = path.rsplit('.').next().unwrap();
        let own = path.find(".address").map_or(path.as_str(), |at| &path[at + 1..]);
        let named = manual.contains(&format!("`{own}`")) || manual.contains(&format!("`.{last}`")) || last.starts_with("line");
        assert!(named, "{path} is not in the manual");
    }
}
