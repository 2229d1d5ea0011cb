//! How soon something has to be done: by how bad it is, and by the day it is due.

use gonogo_model::offset::Offset;
use gonogo_model::status::Severity;
use gonogo_model::verdict::Priority;
use jiff::civil::Date;

/// The time before launch up to which most of the work should be done.
const WEEK_BEFORE: i32 = -7 * 24 * 60;

/// The day of judging, and the day of the launch when it is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calendar {
    pub(crate) today: Date,
    pub(crate) launch: Option<Date>,
}

impl Calendar {
    /// How soon something is to be done that is due on `due`.
    pub(crate) fn by(&self, due: Date) -> Priority {
        let week_before =
            self.launch.zip(Offset::minutes(WEEK_BEFORE)).and_then(|(launch, week)| week.day(launch));
        match week_before {
            _ if due < self.today => Priority::Immediate,
            Some(week_before) if due <= week_before => Priority::BeforeT7,
            _ => Priority::BeforeLaunch,
        }
    }
}

/// How soon a problem of this severity is to be solved.
pub(crate) fn of(severity: Severity) -> Priority {
    match severity {
        Severity::Blocker => Priority::Immediate,
        Severity::High => Priority::BeforeT7,
        Severity::Medium | Severity::Low => Priority::BeforeLaunch,
    }
}

/// The severity that is as urgent; it sorts work that is no problem of a check.
pub(crate) fn severity(priority: Priority) -> Severity {
    match priority {
        Priority::Immediate => Severity::Blocker,
        Priority::BeforeT7 => Severity::High,
        Priority::BeforeLaunch => Severity::Medium,
    }
}

/// Whether this is a week before the launch, or earlier.
pub(crate) fn is_a_week_before(at: Offset) -> bool {
    Offset::minutes(WEEK_BEFORE).is_some_and(|week| at <= week)
}
