use std::fs;

use store::{Fate, Store, StoreError};

use crate::home::{Home, batch, day, finish, known, payload};

#[tokio::test]
async fn what_is_no_database_or_no_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("onroll.db"), "Surname,Forename\nExample,Ada\n".repeat(200)).unwrap();
    let open = async |url: String| Store::open(&url, folder.path()).await.err().unwrap();
    let fault = open(format!("sqlite:{}", folder.path().join("onroll.db").display())).await;
    assert!(fault.to_string().contains("no SQLite database"), "{fault}");
    let fault = open(format!("sqlite:{}", folder.path().join("no/such/onroll.db").display())).await;
    assert!(matches!(fault, StoreError::CannotOpen { .. }), "{fault:?}");
    let fault = open("postgres://here".to_owned()).await;
    assert!(matches!(fault, StoreError::CannotOpen { .. }), "{fault:?}");
}

#[tokio::test]
async fn readers_see_the_last_whole_file_while_another_is_written() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    home.load(stream, day("2026-11-22"), &["1"]).await;
    let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-23"))).await.unwrap();
    ingest.write(batch(&ingest, stream, &["2"])).await.unwrap();
    assert_eq!(known(&home.store, stream).await.len(), 1);
    finish(ingest, 1, Fate::Accepted).await;
    assert_eq!(known(&home.store, stream).await.len(), 2);
}

#[tokio::test]
async fn a_folder_that_may_not_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    // Nothing stops root: the suite is run as another user too.
    if fs::write(folder.path().join("probe"), b"").is_ok() {
        return;
    }
    let fault = Store::open(&format!("sqlite:{}", folder.path().join("onroll.db").display()), folder.path()).await.err().unwrap();
    assert!(matches!(fault, StoreError::CannotOpen { .. } | StoreError::ReadOnly { .. }), "{fault:?}");
}
