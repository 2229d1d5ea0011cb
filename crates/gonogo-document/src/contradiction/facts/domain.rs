//! What a sentence is about, coarsely: names that share no word can still mean one field of work.

use super::word::says;

/// A field of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Domain {
    Monitoring,
    Security,
    Functions,
    Mail,
    Push,
    Certificates,
    Backup,
    Containers,
    Contacts,
    Secrets,
    Failure,
    Health,
}

const WORDS: &[(Domain, &[&str])] = &[
    (
        Domain::Monitoring,
        &[
            "monitor*",
            "alert*",
            "alarm*",
            "metric*",
            "observab*",
            "prometheus",
            "grafana",
            "dashboard*",
            "paging",
            "pager",
            "überwachung*",
            "supervision",
            "supervisión",
            "bewaking",
            "alarmierung",
        ],
    ),
    (
        Domain::Security,
        &[
            "securit*",
            "encrypt*",
            "insecure",
            "vulnerab*",
            "unencrypted",
            "row-level",
            "sicherheit*",
            "sécurité",
            "seguridad",
            "beveilig*",
            "access data they",
            "verschlüssel*",
            "klartext",
            "plaintext",
            "across tenants",
        ],
    ),
    (
        Domain::Functions,
        &[
            "feature*",
            "functionalit*",
            "flows",
            "user flow*",
            "funktion*",
            "fonctionnalité*",
            "funcionalidad*",
            "functies",
            "end-to-end",
        ],
    ),
    (
        Domain::Mail,
        &[
            "smtp",
            "email verification",
            "e-mail verification",
            "mail provider",
            "mailgun",
            "sendgrid",
            "mock providers",
            "email*",
        ],
    ),
    (Domain::Push, &["firebase", "apns", "push notification*", "mock providers"]),
    (Domain::Certificates, &["ssl", "tls", "certificate*", "https", "zertifikat*", "certificat*"]),
    (Domain::Backup, &["backup*", "restore*", "sicherung*", "sauvegarde*", "copia de seguridad", "back-up*"]),
    (Domain::Containers, &["docker*", "compose", "container*", "kubernetes", "helm"]),
    (Domain::Contacts, &["contact*", "kontakte", "contactos"]),
    (Domain::Secrets, &["secret*", "password*", "credential*", "api key*"]),
    (
        Domain::Failure,
        &[
            "degraded mode",
            "failover",
            "fallback",
            "failure behavior",
            "failure behaviour",
            "circuit breaker",
        ],
    ),
    (Domain::Health, &["health", "healthcheck*", "health check*", "/health"]),
];

/// The fields that a text in small letters names.
pub(crate) fn of(lower: &str) -> Vec<Domain> {
    WORDS.iter().filter(|(_, words)| says(lower, words)).map(|(domain, _)| *domain).collect()
}
