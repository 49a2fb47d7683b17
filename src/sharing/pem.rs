//! An ed25519 public key as PEM: SubjectPublicKeyInfo (RFC 8410) in base64 (RFC 4648).

/// What stands before the 32 bytes of the key: a sequence of the algorithm (1.3.101.112) and a bit string.
const PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A public key of 32 bytes as PEM.
pub(crate) fn write(public_key: &[u8]) -> String {
    format!("{BEGIN}\n{}\n{END}\n", encode(&[&PREFIX, public_key].concat()))
}

/// The 32 bytes of the key.
pub(crate) fn read(pem: &str) -> Option<[u8; 32]> {
    let (_, rest) = pem.split_once(BEGIN)?;
    let (text, _) = rest.split_once(END)?;
    decode(text)?.strip_prefix(&PREFIX[..])?.try_into().ok()
}

/// Base64 on one line: the 44 bytes of a key make 60 letters.
fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, i| bits << 8 | u32::from(group.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * i) & 63) as usize];
            text.push(if i <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut have) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        let value = LETTERS.iter().position(|l| *l == letter)?;
        bits = (bits << 6 | u32::try_from(value).ok()?) & 0xffff;
        have += 6;
        if have >= 8 {
            have -= 8;
            bytes.push(u8::try_from(bits >> have & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        // The example key of RFC 8410, section 10.1.
        let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
        let key = read(pem).unwrap();
        assert_eq!((key[0], key[31]), (0x19, 0xe1));
        assert_eq!(write(&key), pem);
        assert_eq!((read(""), read("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")), (None, None));
    }
}
