//! Whom we believe to be the mail server: TLS 1.2 or later, certificates of the given authorities alone.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::settings::MailFault;

/// What makes encrypted connections. The provider of the algorithms is named here, so no other part of the program has to
/// install one.
pub(super) fn connector(ca_file: Option<&Path>) -> Result<TlsConnector, MailFault> {
    let roots = match ca_file {
        Some(path) => from_file(path)?,
        None => of_the_machine()?,
    };
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|fault| MailFault::Tls(fault.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn from_file(path: &Path) -> Result<RootCertStore, MailFault> {
    let fault = |what: String| MailFault::CaFile { path: path.to_owned(), what };
    let pem = fs::read(path).map_err(|e| fault(format!("cannot be read ({e}): put the file there, in PEM")))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|_| fault("is no PEM file of certificates".to_owned()))?;
        roots.add(certificate).map_err(|_| fault("has a certificate that cannot be read".to_owned()))?;
    }
    if roots.is_empty() { Err(fault("has no certificate: give one of an authority, in PEM".to_owned())) } else { Ok(roots) }
}

fn of_the_machine() -> Result<RootCertStore, MailFault> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() { Err(MailFault::NoAuthorities) } else { Ok(roots) }
}
