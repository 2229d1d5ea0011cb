//! The 64 routes of the API by feature. The API document of the repository declares the same;
//! a test compares them. It does not know how they are answered.

/// One feature of the product.
#[derive(Debug)]
pub struct Feature {
    /// Its part of the path, `/api/NAME/…`.
    pub name: &'static str,
    /// Whether it was carried over before the others.
    pub early: bool,
    /// The last parts of its paths.
    pub routes: &'static [&'static str],
}

/// All features.
pub const FEATURES: [Feature; 13] = [
    Feature { name: "account", early: true, routes: &["session", "providers", "profile", "preferences"] },
    Feature { name: "uploads", early: true, routes: &["list", "limits", "recent", "usage"] },
    Feature { name: "administration", early: true, routes: &["users", "roles", "trail", "state"] },
    Feature {
        name: "gamification",
        early: false,
        routes: &[
            "points",
            "levels",
            "badges",
            "streaks",
            "wallet",
            "skills",
            "leaderboard",
            "rewards",
            "history",
        ],
    },
    Feature {
        name: "reference-tracks",
        early: false,
        routes: &["list", "recent", "search", "analysis", "annotations", "markers", "imports"],
    },
    Feature {
        name: "focus",
        early: false,
        routes: &["current", "sessions", "pauses", "statistics", "settings"],
    },
    Feature { name: "quests", early: false, routes: &["list", "daily", "weekly", "completed", "rewards"] },
    Feature { name: "planner", early: false, routes: &["week", "day", "blocks", "templates", "conflicts"] },
    Feature { name: "habits", early: false, routes: &["list", "today", "history", "calendar", "reminders"] },
    Feature { name: "goals", early: false, routes: &["list", "milestones", "progress", "archive"] },
    Feature { name: "ideas", early: false, routes: &["list", "inbox", "tags", "archive"] },
    Feature { name: "books", early: false, routes: &["list", "sessions", "notes", "statistics"] },
    Feature { name: "market", early: false, routes: &["items", "purchases", "offers", "balance"] },
];

/// The paths of all routes, or of the early ones only, in order.
pub fn paths(early_only: bool) -> impl Iterator<Item = String> {
    let features = FEATURES.iter().filter(move |feature| feature.early || !early_only);
    features.flat_map(|feature| feature.routes.iter().map(|route| format!("/api/{}/{route}", feature.name)))
}
