use super::*;
use proptest::prelude::*;

fn kind(bytes: &[u8]) -> Result<Kind, ReadFault> {
    sniff(&bytes.to_vec())
}

fn refused(bytes: &[u8]) -> String {
    let fault = kind(bytes).unwrap_err();
    assert!(!fault.hint.is_empty() && !fault.ours);
    fault.what
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn files_are_known_by_their_content() {
    assert_eq!(kind(b"UPN,Surname\n"), Ok(Kind::Csv));
    assert_eq!(kind(&utf16("UPN\tSurname\n")), Ok(Kind::Csv));
    assert_eq!(kind(b"UPN,Surname\nA123,Zo\xEB\n"), Ok(Kind::Csv));
    assert_eq!(kind(b"PK\x03\x04 anything"), Ok(Kind::Xlsx));
    assert_eq!(kind(b"{\"pupils\": []}"), Ok(Kind::Json));
    assert_eq!(kind(b"[ {\"upn\": 1}]"), Ok(Kind::Json));
    assert_eq!(kind(b"[Notes],UPN\n"), Ok(Kind::Csv));
    assert_eq!(kind(b"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- x --><SuperStarReport>"), Ok(Kind::SuperStar));
    assert_eq!(kind(&utf16("\u{FEFF}<SuperStarReport/>")), Ok(Kind::SuperStar));
}

#[test]
fn other_kinds_of_file_are_refused_with_what_to_do() {
    assert!(refused(b"%PDF-1.7\n%").contains("PDF"));
    assert!(refused(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).contains(".xls"));
    assert!(refused(b"<!DOCTYPE html><html><body>Sign in</body></html>").contains("web page"));
    assert!(refused(b"<html><table>").contains("web page"));
    assert!(refused(b"{\\rtf1 x}").contains("rich text"));
    assert!(refused(b"\x1F\x8B\x08\0").contains("archive"));
    assert!(refused(b"\x89PNG\r\n\x1A\n").contains("picture"));
    assert!(refused(b"PK\x03\x04....word/document.xml").contains("Word"));
    assert!(refused(b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet").contains("OpenDocument"));
    assert!(refused(&(0..=255u8).rev().cycle().skip(120).take(2000).collect::<Vec<_>>()).contains("not a text file"));
}

#[test]
fn xml_of_another_system_is_refused() {
    assert!(refused(b"<?xml version='1.0'?><CTfile><Header/></CTfile>").contains("Common Transfer File"));
    assert!(refused(b"<?mso-application progid='Excel.Sheet'?><Workbook/>").contains("2003"));
    assert!(refused(b"<Students><Student/></Students>").contains("not a SIMS report"));
    assert!(refused(b"<?xml version='1.0'").contains("broken"));
    assert!(refused(b"<!DOCTYPE x [<!ENTITY a 'b'>]><SuperStarReport/>").contains("DOCTYPE"));
}

#[test]
fn an_empty_file_is_refused() {
    for bytes in [&b""[..], b"\xEF\xBB\xBF", b" \r\n\r\n", b"\xFF\xFE", b"\x1A"] {
        assert!(refused(bytes).contains("empty"));
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), lead in prop::sample::select(vec![&b""[..], b"<", b"<?", b"<!--", b"PK\x03\x04", b"\xFF\xFE"])) {
        let all = [lead, &bytes].concat();
        let _ = kind(&all);
    }
}
