use crate::certificates::{self, Certificate};
use crate::scripted::Scripted;
use crate::{play, play_with};

async fn play_as(certificate: Certificate, tls: &str) -> crate::Played {
    play_with(Scripted::start_as("good", tls == "implicit", None, certificate), tls, "").await
}

#[tokio::test]
async fn a_certificate_of_an_authority_that_is_not_ours_gets_nothing() {
    for tls in ["starttls", "implicit"] {
        for name in ["Somebody else", "Onroll test authority"] {
            let server = Scripted::start("good", tls == "implicit", None);
            // The channel trusts another authority, the second time one of the same name.
            certificates::authority(server.home(), name);
            play_with(server, tls, "").await.refused("not trusted here").nothing_leaked().taken(0);
        }
    }
}

#[tokio::test]
async fn an_expired_certificate_gets_nothing() {
    for tls in ["starttls", "implicit"] {
        play_as(Certificate::Expired, tls).await.refused("has expired").nothing_leaked().taken(0);
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_gets_nothing() {
    for tls in ["starttls", "implicit"] {
        play_as(Certificate::OtherName, tls).await.refused("for another name").nothing_leaked().taken(0);
    }
}

#[tokio::test]
async fn a_server_that_offers_no_starttls_gets_nothing() {
    let played = play("no-starttls", "starttls", "").await;
    played.refused("offers no encryption").nothing_leaked().taken(0);
    assert!(!played.tap.clear().contains("STARTTLS"));
}

#[tokio::test]
async fn a_server_that_refuses_starttls_gets_nothing() {
    play("starttls-454", "starttls", "").await.retry("454 4.7.0 to STARTTLS").nothing_leaked().taken(0);
    play("starttls-502", "starttls", "").await.refused("without encryption nothing is sent").nothing_leaked().taken(0);
}

#[tokio::test]
async fn an_answer_slipped_in_before_the_encryption_is_seen() {
    let played = play("starttls-injected", "starttls", "").await;
    played.refused("more than it was asked").nothing_leaked().taken(0);
    assert_eq!(played.tap.clear(), "EHLO council.example\r\nSTARTTLS\r\n", "not even a handshake");
}

#[tokio::test]
async fn a_server_that_agrees_to_encryption_and_does_not_speak_it_gets_nothing() {
    play("not-tls", "starttls", "").await.refused("did not speak TLS").nothing_leaked().taken(0);
    play("starttls-silent", "starttls", "timeout_seconds = 1").await.retry("longer than 1 seconds").nothing_leaked().taken(0);
}

#[tokio::test]
async fn the_wrong_way_to_begin_says_which_setting_to_change() {
    let server = Scripted::start("good", false, None);
    play_with(server, "implicit", "").await.refused("tls = \"starttls\"").nothing_leaked().taken(0);
    play("not-smtp", "starttls", "").await.refused("does not speak SMTP").nothing_leaked().taken(0);
}
