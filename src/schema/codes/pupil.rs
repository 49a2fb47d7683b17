//! Code sets about a pupil. Source: DfE, Common Basic Data Set, May 2026 (Open Government Licence v3.0).
//! The codes of SEN status other than E, and the year groups, are carried over from earlier editions.

use super::code_set;

code_set!(
    /// CBDS `Ethnicities`.
    ethnicity,
    [
        ("ABAN", "Bangladeshi"),
        ("ABRI", "Asian - British"),
        ("AIND", "Indian"),
        ("AOTH", "Any Other Asian Background"),
        ("APKN", "Pakistani"),
        ("AWEL", "Asian - Welsh"),
        ("BAFR", "Black - African"),
        ("BBRI", "Black - British"),
        ("BCRB", "Black Caribbean"),
        ("BOTH", "Any Other Black Background"),
        ("BWEL", "Black - Welsh"),
        ("CHNE", "Chinese"),
        ("MOTH", "Any Other Mixed Background"),
        ("MWAS", "White and Asian"),
        ("MWBA", "White and Black African"),
        ("MWBC", "White and Black Caribbean"),
        ("NOBT", "Information Not Yet Obtained"),
        ("OOTH", "Any Other Ethnic Group"),
        ("REFU", "Refused"),
        ("WBRI", "White - British"),
        ("WIRI", "White - Irish"),
        ("WIRT", "White - Irish Traveller"),
        ("WOTH", "Any Other White Background"),
        ("WROM", "Gypsy / Roma"),
    ]
);

code_set!(
    /// CBDS `SenStatus`; E and K are in use, the others stand in older files.
    sen,
    [
        ("A", "School/Early Years Action"),
        ("E", "Education, Health and Care Plan"),
        ("K", "SEN Support"),
        ("N", "No Special Educational Need"),
        ("O", "Provision No Longer Needed"),
        ("P", "School/Early Years Action+"),
        ("Q", "School Action+ and Statutory Assessment"),
        ("S", "Statement"),
        ("X", "Severe Educational Disability"),
    ]
);

code_set!(
    /// CBDS `CurriculumYearGroups`: `N1`, `R`, `1` to `14`.
    year_group,
    [
        ("1", "Year 1"),
        ("10", "Year 10"),
        ("11", "Year 11"),
        ("12", "Year 12"),
        ("13", "Year 13"),
        ("14", "Year 14"),
        ("2", "Year 2"),
        ("3", "Year 3"),
        ("4", "Year 4"),
        ("5", "Year 5"),
        ("6", "Year 6"),
        ("7", "Year 7"),
        ("8", "Year 8"),
        ("9", "Year 9"),
        ("E1", "Early First Year"),
        ("E2", "Early Second Year"),
        ("N1", "Nursery First Year"),
        ("N2", "Nursery Second Year"),
        ("R", "Reception"),
    ]
);

code_set!(
    /// CBDS `EnrolmentStatus`.
    enrolment,
    [
        ("C", "Current (single registration at this school)"),
        ("F", "FE College"),
        ("G", "Guest (pupil not registered at this school but attending some lessons or sessions)"),
        ("M", "Current Main (dual registration)"),
        ("O", "Other Provider"),
        ("P", "Previous"),
        ("S", "Current Subsidiary (dual registration)"),
    ]
);

code_set!(
    /// CBDS `ExclusionTypes`.
    exclusion_type,
    [
        ("LNCH", "Lunchtime"),
        ("PERM", "Permanent"),
        ("SUSP", "Suspension"),
    ]
);

code_set!(
    /// CBDS `ExclusionReasons`.
    exclusion_reason,
    [
        ("AB", "Misandry Behaviour"),
        ("AR", "Alcohol Related"),
        ("BU", "Bullying"),
        ("BW", "Found to have brought a weapon or prohibited item into school"),
        ("CB", "Persistent disruptive behaviour – challenging behaviour"),
        ("DA", "Drug and alcohol related"),
        ("DB", "Persistent or general disruptive behaviour"),
        ("DM", "Damage to property"),
        ("DR", "Drug related"),
        ("DS", "Abuse relating to disability including bullying"),
        ("LD", "Persistent disruptive behaviour - low level disruption"),
        ("LG", "Abuse against sexual orientation and gender identity including bullying"),
        ("MB", "Misogynistic behaviour"),
        ("MP", "Use of Mobile Phone"),
        ("MT", "Inappropriate use of social media or online technology"),
        ("OS", "Misbehaviour outside of school"),
        ("OW", "Use or threat of use of an offensive weapon or prohibited item"),
        ("PA", "Physical assault against an adult"),
        ("PH", "Wilful and repeated transgression of protective measures in place to protect public health"),
        ("PP", "Physical assault against a pupil"),
        ("RA", "Racist abuse including bullying"),
        ("SB", "Harmful sexual behaviour"),
        ("SM", "Sexual misconduct"),
        ("SR", "Smoking Related"),
        ("TB", "Cyber-bullying or threatening behaviour online"),
        ("TH", "Theft"),
        ("VA", "Verbal abuse/threatening behaviour against an adult"),
        ("VP", "Verbal abuse/threatening behaviour against a pupil"),
        ("VR", "Vape Related"),
    ]
);

code_set!(
    /// CBDS `RelationshipTypes`: what a contact is to the child.
    relationship,
    [
        ("CAR", "Carer"),
        ("CHM", "Childminder"),
        ("DOC", "Doctor"),
        ("FAM", "Other family member"),
        ("FOF", "Foster Father"),
        ("FOM", "Foster Mother"),
        ("HTC", "Head Teacher"),
        ("OTH", "Other Contact"),
        ("PAF", "Father"),
        ("PAM", "Mother"),
        ("REL", "Other Relative"),
        ("RLG", "Religious/Spiritual Contact"),
        ("STF", "Step Father"),
        ("STM", "Step Mother"),
        ("SWR", "Social Worker"),
        ("TCH", "Teacher"),
    ]
);
