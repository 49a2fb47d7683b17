//! How far two spellings are apart: a slip in an address, a key that somebody meant.

/// How many letters must be put in, left out, changed or swapped with their neighbour to make one word of the other. Of each
/// the first 64 letters are looked at.
pub fn edit_distance(one: &str, two: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().take(64).collect(), two.chars().take(64).collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slip_counts_once() {
        for (one, two, slips) in
            [("", "", 0), ("road", "road", 0), ("road", "raod", 1), ("road", "rod", 1), ("road", "rood", 1), ("", "dob", 3)]
        {
            assert_eq!((edit_distance(one, two), edit_distance(two, one)), (slips, slips), "{one} {two}");
        }
    }
}
