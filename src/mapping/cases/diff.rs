//! What differs between two JSON documents, path by path.

use serde_json::Value;

/// Notes every difference. A problem's hint counts only where the expected one has it.
pub(super) fn compare(path: &str, expected: &Value, found: &Value, differences: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            let is_problem = expected.contains_key("code");
            for key in expected.keys().chain(found.keys().filter(|k| !expected.contains_key(*k))) {
                if is_problem && key == "hint" && !expected.contains_key(key) {
                    continue;
                }
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match (expected.get(key), found.get(key)) {
                    (Some(expected), Some(found)) => compare(&path, expected, found, differences),
                    (Some(expected), None) => differences.push(format!("{path}: expected {expected}, found nothing")),
                    (None, Some(found)) => differences.push(format!("{path}: expected nothing, found {found}")),
                    (None, None) => {}
                }
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            for at in 0..expected.len().max(found.len()) {
                let path = if path.is_empty() { format!("record {}", at + 1) } else { format!("{path}[{at}]") };
                match (expected.get(at), found.get(at)) {
                    (Some(expected), Some(found)) => compare(&path, expected, found, differences),
                    (Some(expected), None) => differences.push(format!("{path}: expected {expected}, found nothing")),
                    (None, Some(found)) => differences.push(format!("{path}: expected nothing, found {found}")),
                    (None, None) => {}
                }
            }
        }
        _ if expected == found => {}
        _ => differences.push(format!("{path}: expected {expected}, found {found}")),
    }
}
