//! What a change between two documents is, as facts: its kind, which side of a call it is about,
//! and whether fewer or more values are possible than before. How bad that is, is for the packs.

use std::collections::BTreeSet;

use gonogo_model::place::Place;

use super::super::library::Spot;

/// Which side of a call a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// What clients send.
    Request,
    /// What clients are answered.
    Response,
    /// The whole of an operation or document.
    Whole,
}

impl Side {
    pub(super) fn name(self) -> &'static str {
        match self {
            Side::Request => "request",
            Side::Response => "response",
            Side::Whole => "whole",
        }
    }

    /// Whether clients notice: what they send may be refused, or they are answered what could not
    /// be before.
    pub(super) fn notices(self, variance: Variance) -> bool {
        match variance {
            Variance::Other => true,
            Variance::Narrowed => self != Side::Response,
            Variance::Widened => self != Side::Request,
            Variance::Same => false,
        }
    }
}

/// How the values that are possible differ from those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Variance {
    /// Some that were possible are not.
    Narrowed,
    /// Some that were not possible are.
    Widened,
    /// Both, or it cannot be told.
    Other,
    /// The same values; something else is different.
    Same,
}

impl Variance {
    pub(super) fn name(self) -> &'static str {
        match self {
            Variance::Narrowed => "narrowed",
            Variance::Widened => "widened",
            Variance::Other => "other",
            Variance::Same => "same",
        }
    }

    /// From whether the new values are all among the old, and the old among the new.
    pub(super) fn of(new_in_old: bool, old_in_new: bool) -> Variance {
        match (new_in_old, old_in_new) {
            (true, true) => Variance::Same,
            (true, false) => Variance::Narrowed,
            (false, true) => Variance::Widened,
            (false, false) => Variance::Other,
        }
    }
}

/// What is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    DocumentRemoved,
    PathRemoved,
    OperationRemoved,
    OperationDeprecated,
    SunsetEarlier,
    OperationIdChanged,
    ParameterRemoved,
    ParameterAdded,
    ParameterRequired,
    ParameterMoved,
    ParameterStyle,
    BodyRequired,
    BodyRemoved,
    MediaRemoved,
    ResponseRemoved,
    ResponseAdded,
    HeaderRemoved,
    HeaderOptional,
    TypeChanged,
    FormatChanged,
    EnumChanged,
    LimitChanged,
    NullChanged,
    UnionChanged,
    DiscriminatorChanged,
    DefaultChanged,
    PropertyAdded,
    PropertyRequired,
    PropertyRemoved,
    PropertyOptional,
    PropertyReadOnly,
    PropertyWriteOnly,
    ObjectClosed,
    ObjectOpened,
    ClosedObjectGrew,
    SecurityAdded,
    SecurityRemoved,
    ScopeAdded,
    SchemeChanged,
    ServerRemoved,
    WebhookRemoved,
    NotCompared,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::DocumentRemoved => "document-removed",
            Kind::PathRemoved => "path-removed",
            Kind::OperationRemoved => "operation-removed",
            Kind::OperationDeprecated => "operation-deprecated",
            Kind::SunsetEarlier => "sunset-earlier",
            Kind::OperationIdChanged => "operation-id-changed",
            Kind::ParameterRemoved => "parameter-removed",
            Kind::ParameterAdded => "required-parameter-added",
            Kind::ParameterRequired => "parameter-became-required",
            Kind::ParameterMoved => "parameter-moved",
            Kind::ParameterStyle => "parameter-style-changed",
            Kind::BodyRequired => "body-became-required",
            Kind::BodyRemoved => "body-removed",
            Kind::MediaRemoved => "media-removed",
            Kind::ResponseRemoved => "response-removed",
            Kind::ResponseAdded => "response-added",
            Kind::HeaderRemoved => "header-removed",
            Kind::HeaderOptional => "header-became-optional",
            Kind::TypeChanged => "type-changed",
            Kind::FormatChanged => "format-changed",
            Kind::EnumChanged => "enum-changed",
            Kind::LimitChanged => "limit-changed",
            Kind::NullChanged => "null-changed",
            Kind::UnionChanged => "union-changed",
            Kind::DiscriminatorChanged => "discriminator-changed",
            Kind::DefaultChanged => "default-changed",
            Kind::PropertyAdded => "required-property-added",
            Kind::PropertyRequired => "property-became-required",
            Kind::PropertyRemoved => "property-removed",
            Kind::PropertyOptional => "property-became-optional",
            Kind::PropertyReadOnly => "property-became-read-only",
            Kind::PropertyWriteOnly => "property-became-write-only",
            Kind::ObjectClosed => "object-closed",
            Kind::ObjectOpened => "object-opened",
            Kind::ClosedObjectGrew => "closed-object-grew",
            Kind::SecurityAdded => "security-added",
            Kind::SecurityRemoved => "security-removed",
            Kind::ScopeAdded => "scope-added",
            Kind::SchemeChanged => "scheme-changed",
            Kind::ServerRemoved => "server-removed",
            Kind::WebhookRemoved => "webhook-removed",
            Kind::NotCompared => "not-compared",
        }
    }

    /// Who may notice a change of this kind.
    pub(super) fn breaks(self, side: Side) -> &'static str {
        match (self, side) {
            (Kind::OperationDeprecated | Kind::SunsetEarlier, _) => "nobody",
            (Kind::OperationIdChanged, _) => "generators",
            (Kind::NotCompared, _) => "unknown",
            (Kind::WebhookRemoved, _) | (_, Side::Response) => "receivers",
            (_, Side::Request) => "senders",
            (_, Side::Whole) => "callers",
        }
    }
}

/// Where something is written, and in which of the two documents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) is_old: bool,
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) column: u32,
}

impl At {
    pub(super) fn place(is_old: bool, file: &str, place: Place) -> At {
        At { is_old, file: file.to_owned(), line: place.line, column: place.column }
    }

    pub(super) fn old(spot: Spot<'_>) -> At {
        At::place(true, spot.file, spot.node.place)
    }

    pub(super) fn new(spot: Spot<'_>) -> At {
        At::place(false, spot.file, spot.node.place)
    }
}

/// What was said beforehand of something that is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) deprecated: bool,
    /// `x-sunset` as written; empty without.
    pub(super) sunset: String,
}

impl Notice {
    pub(super) fn of(spot: Spot<'_>) -> Notice {
        let sunset = ["x-sunset", "x-sunset-date"].iter().find_map(|key| spot.text(key));
        Notice { deprecated: spot.is_true("deprecated"), sunset: short(sunset.unwrap_or_default(), 40) }
    }
}

/// One change.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) kind: Kind,
    pub(super) side: Side,
    pub(super) variance: Variance,
    /// What changed: `GET /orders query parameter limit`, `schema Order /total`.
    pub(super) subject: String,
    pub(super) at: At,
    pub(super) old: String,
    pub(super) new: String,
    /// The keyword of the schema, where the kind does not say it.
    pub(super) keyword: &'static str,
    pub(super) notice: Notice,
    pub(super) was_required: bool,
    /// Whether the new object refuses what it does not name.
    pub(super) closed: bool,
    /// Whether it is about a successful response.
    pub(super) success: bool,
    /// The operations it reaches, by number.
    pub(super) operations: BTreeSet<usize>,
}

impl Change {
    pub(super) fn new(kind: Kind, side: Side, variance: Variance, subject: &str, at: At) -> Change {
        Change {
            kind,
            side,
            variance,
            subject: short(subject, 240),
            at,
            old: String::new(),
            new: String::new(),
            keyword: "",
            notice: Notice::default(),
            was_required: false,
            closed: false,
            success: false,
            operations: BTreeSet::new(),
        }
    }

    pub(super) fn values(mut self, old: &str, new: &str) -> Change {
        self.old = short(old, 120);
        self.new = short(new, 120);
        self
    }

    pub(super) fn keyword(mut self, keyword: &'static str) -> Change {
        self.keyword = keyword;
        self
    }
}

/// A text of at most so many characters.
pub(super) fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
