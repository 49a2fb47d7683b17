use std::fs;
use std::path::Path;

use connect::channel::{Channel, FolderChannel, Outcome};
use sharing::ChannelTerms;

use crate::made::{self, Message};
use crate::{names, put_files_command};

fn message(path: Option<&str>) -> Message {
    // Agreements refuse some paths by themselves; the channel does not rely on it.
    let terms = ChannelTerms::Folder { path: path.map(str::to_owned), collect_within_hours: None };
    Message { terms, ..Message::new(&made::folder(None), 1) }
}

async fn send(home: &Path, path: Option<&str>) -> Outcome {
    FolderChannel::new(home).send(&message(path).letter()).await
}

#[track_caller]
fn retry(outcome: &Outcome, words: &str) {
    let Outcome::Retry { reason } = outcome else { panic!("{outcome:?}") };
    assert!(reason.contains(words), "{reason}");
}

#[track_caller]
fn refused(outcome: &Outcome, words: &str) {
    let Outcome::Refused { reason } = outcome else { panic!("{outcome:?}") };
    assert!(reason.contains(words), "{reason}");
}

#[tokio::test]
async fn the_folder_of_a_recipient_is_made_in_the_home_and_the_file_holds_the_sealed_bytes() {
    let home = tempfile::tempdir().unwrap();
    let message = message(None);
    let channel = FolderChannel::new(home.path());
    assert_eq!(channel.is_collected(&message.letter()), None, "no folder, nothing to say");
    let outcome = channel.send(&message.letter()).await;
    assert_eq!(outcome, Outcome::Sent { detail: "put as out/8524001/852LLLL_8524001_addr0001.csv".into() });
    let file = home.path().join("out/8524001/852LLLL_8524001_addr0001.csv");
    assert_eq!(fs::read(&file).unwrap(), message.sealed.body());
    assert_eq!(channel.is_collected(&message.letter()), Some(false));
    fs::remove_file(&file).unwrap();
    assert_eq!(channel.is_collected(&message.letter()), Some(true));
}

#[tokio::test]
async fn a_second_try_is_sent_as_well_and_other_content_under_the_name_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    assert!(matches!(send(home.path(), None).await, Outcome::Sent { .. }));
    let Outcome::Sent { detail } = send(home.path(), None).await else { panic!() };
    assert!(detail.contains("was there already"), "{detail}");
    let file = home.path().join("out/8524001/852LLLL_8524001_addr0001.csv");
    fs::write(&file, b"somebody's own").unwrap();
    refused(&send(home.path(), None).await, "other content");
    assert_eq!(fs::read(&file).unwrap(), b"somebody's own");
    assert_eq!(names(file.parent().unwrap()).1, Vec::<String>::new());
}

#[tokio::test]
async fn a_folder_outside_the_home_is_never_made() {
    let (home, share) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = share.path().join("oakwood");
    retry(&send(home.path(), path.to_str()).await, "connect the share");
    assert!(!path.exists());
    fs::create_dir(&path).unwrap();
    assert!(matches!(send(home.path(), path.to_str()).await, Outcome::Sent { .. }));
    assert_eq!(names(&path).0.len(), 1);
    let through_file = share.path().join("file/oakwood");
    fs::write(share.path().join("file"), b"").unwrap();
    retry(&send(home.path(), through_file.to_str()).await, "is not a folder");
    retry(&send(home.path(), share.path().join("file").to_str()).await, "is not a folder");
}

#[tokio::test]
async fn a_path_in_the_home_is_made_and_one_that_leads_out_is_refused() {
    let home = tempfile::tempdir().unwrap();
    assert!(matches!(send(home.path(), Some("out/schools/oakwood")).await, Outcome::Sent { .. }));
    let inside = home.path().join("out/absolute");
    assert!(matches!(send(home.path(), inside.to_str()).await, Outcome::Sent { .. }), "inside, though absolute");
    for path in ["../elsewhere", "out/../../elsewhere", "."] {
        refused(&send(home.path(), Some(path)).await, "names no folder inside the home");
    }
    assert!(!home.path().parent().unwrap().join("elsewhere").exists());
}

#[tokio::test]
async fn a_file_where_the_folder_must_be_is_told() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("out"), b"").unwrap();
    retry(&send(home.path(), None).await, "is not a folder");
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_in_place_of_the_recipients_folder_is_refused() {
    for link in ["out", "out/8524001"] {
        let (home, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let link = home.path().join(link);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), &link).unwrap();
        refused(&send(home.path(), None).await, "is a link");
        assert_eq!(names(elsewhere.path()).0, Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_became_of_a_broken_off_try_is_said_as_far_as_the_folder_shows_it() {
    let home = tempfile::tempdir().unwrap();
    let (message, channel) = (message(None), FolderChannel::new(home.path()));
    assert!(matches!(channel.recover(&message.letter()).await, Outcome::Unknown { .. }), "never put, or collected");
    fs::write(home.path().join("out/8524001/.part-M1"), b"upn,na").unwrap();
    retry(&channel.recover(&message.letter()).await, "was removed");
    assert_eq!(names(&home.path().join("out/8524001")).1, Vec::<String>::new());
    assert!(matches!(channel.send(&message.letter()).await, Outcome::Sent { .. }));
    assert!(matches!(channel.recover(&message.letter()).await, Outcome::Sent { .. }));
}

/// Root is not stopped by permissions: then the program runs as the user that the test script names.
#[cfg(unix)]
#[test]
#[allow(clippy::disallowed_methods, reason = "the test script says in the environment which user has no rights")]
fn without_permission_the_reason_says_which_right_is_missing() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("out/8524001");
    fs::create_dir_all(&folder).unwrap();
    for path in [dir.path(), &dir.path().join("out"), &folder] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o555)).unwrap();
    }
    let mut command = put_files_command(dir.path(), 1);
    if fs::write(folder.join("trial"), b"").is_ok() {
        fs::remove_file(folder.join("trial")).unwrap();
        let Ok(user) = std::env::var("ONROLL_TEST_USER") else {
            eprintln!("not run: this is root, and ONROLL_TEST_USER names no other user");
            return;
        };
        // The program and its folders may lie where that user cannot look.
        let program = dir.path().join("put_files");
        fs::copy(command.get_program(), &program).unwrap();
        let mut other = std::process::Command::new("runuser");
        other.args(["-u", &user, "--"]).arg(program).args(command.get_args());
        command = other;
    }
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(said.contains("no permission to write in"), "{said}");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(names(&folder).0, Vec::<String>::new());
}
