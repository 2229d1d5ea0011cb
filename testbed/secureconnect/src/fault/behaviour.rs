//! The names of the faults in how the system behaves. Each is a switch of the program; the tables
//! beside this room say what each is.

use std::collections::BTreeSet;

use super::{Change, Fault};

/// One fault of behaviour.
#[expect(missing_docs, reason = "the tables say what each is")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Behaviour {
    NoPolls,
    NoPollEvents,
    PollCountsTwice,
    PollStaysOpen,
    NoTyping,
    TypingNeverEnds,
    TypingToStrangers,
    NoReactions,
    NoSearch,
    SearchEverywhere,
    NoLongPoll,
    LongPollDeaf,
    NoAi,
    NoAiTimeout,
    NoAiBreaker,
    PushNotSent,
    PushTokensKept,
    PushDeleteIgnored,
    NoGroupCalls,
    CallEndUnsaid,
    CallOpenToStrangers,
    NoCallPoll,
    HistoryLost,
    PagingBroken,
    PresenceNotRestored,
    PresenceNotResynced,
    PresenceLies,
    NoRequestTimeout,
    NoProxyTimeout,
    NoQueryTimeout,
    NoDatabaseBreaker,
    NoObjectBreaker,
    NoObjectRetry,
    NoRedisFallback,
    NoRedisRetry,
    SmallBuffers,
    SocketsLeak,
    ConnectionsLeak,
    NoGracefulShutdown,
    HealthLies,
    HealthOmitsCache,
    HealthOmitsObjects,
    HealthLeaks,
    ReadyAtOnce,
    MetricsHidden,
    MetricsStandStill,
    MetricsRawPaths,
    NoBreakerMetric,
    NoTimeoutMetrics,
    NoDegradedMetric,
    LogsNotJson,
    NoTraceInLogs,
    TokenInLogs,
    EmailInLogs,
    PasswordInLogs,
    RevocationIgnored,
    RefreshReused,
    RefreshOutlivesLogout,
    AudienceUnchecked,
    IssuerUnchecked,
    NoneAccepted,
    SignatureUnchecked,
    ExpiredAccepted,
    NotBeforeIgnored,
    TokenLivesYears,
    LockoutOff,
    LoginTellsAccounts,
    WeakHash,
    ShortPasswords,
    CookieWithoutFlags,
    VerificationSkipped,
    VerificationReused,
    MailSwallowed,
    HeadersMissing,
    HeadersMissingOnErrors,
    NoHsts,
    PolicyBlocksCamera,
    PolicyBlocksSockets,
    CorsWildcard,
    CorsReflects,
    TurnTestCredentials,
    TurnNeverExpires,
    QuotaIgnored,
    QuotaNotReturned,
    PresignedNeverExpires,
    PresignedForAnyObject,
    SizeUnchecked,
    TypeUnchecked,
    FileNamesUnchecked,
    DeletedFileReadable,
    OtherFileReadable,
    OtherFileDeletable,
    OtherChatReadable,
    RemovedMemberReads,
    SqlInjection,
    StoredXss,
    ErrorsTellInternals,
    RateLimitOff,
    RateLimitNotPerUser,
    RateLimitNeverResets,
    RateLimitNoRetryAfter,
    LimiterFailsOpen,
    LimiterFailsClosed,
    ForwardedForTrusted,
    UndocumentedOperation,
    AnswerBreaksDocument,
}

/// The faults of behaviour that are on.
#[derive(Debug, Clone, Default)]
pub struct Faults(BTreeSet<Behaviour>);

impl Faults {
    /// Whether this one is on.
    pub fn on(&self, behaviour: Behaviour) -> bool {
        self.0.contains(&behaviour)
    }
}

impl FromIterator<Behaviour> for Faults {
    fn from_iter<I: IntoIterator<Item = Behaviour>>(behaviours: I) -> Faults {
        Faults(behaviours.into_iter().collect())
    }
}

/// A line of the tables.
pub(super) const fn fault(
    behaviour: Behaviour,
    name: &'static str,
    description: &'static str,
    seen: &'static str,
) -> Fault {
    Fault { name, description, seen, change: Change::Behaviour(behaviour) }
}
