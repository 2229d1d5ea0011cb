//! The questions a repository can answer, and how much each weighs beside the others.

/// A scoring bucket of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Category {
    Secrets,
    Containers,
    Monitoring,
    Data,
    Interface,
    Dependencies,
    Configuration,
    Completeness,
    Documents,
}

impl Category {
    pub(super) fn id(self) -> &'static str {
        match self {
            Category::Secrets => "secrets",
            Category::Containers => "containers",
            Category::Monitoring => "monitoring",
            Category::Data => "data",
            Category::Interface => "interface",
            Category::Dependencies => "dependencies",
            Category::Configuration => "configuration",
            Category::Completeness => "completeness",
            Category::Documents => "documents",
        }
    }

    pub(super) fn question(self) -> &'static str {
        match self {
            Category::Secrets => "Is every secret kept out of the repository?",
            Category::Containers => {
                "Do the containers start in order, notice failure, keep data and keep strangers out?"
            }
            Category::Monitoring => "Does somebody learn in time what is wrong?",
            Category::Data => "Can the database be changed without locking or losing anything?",
            Category::Interface => "Does the interface promise what it keeps?",
            Category::Dependencies => "Is it known what is built in?",
            Category::Configuration => "Does every environment get the variables it needs?",
            Category::Completeness => "Is the work finished?",
            Category::Documents => "Do the documents agree with themselves?",
        }
    }

    /// Its weight beside the others.
    fn share(self) -> u32 {
        match self {
            Category::Secrets | Category::Containers => 20,
            Category::Monitoring | Category::Data => 15,
            Category::Dependencies | Category::Configuration => 10,
            Category::Interface | Category::Completeness | Category::Documents => 5,
        }
    }
}

/// The weights of some categories: whole numbers that sum to 100, in the ratio of their shares.
/// What rounding leaves goes to the first.
pub(super) fn weights(categories: &[Category]) -> Vec<u32> {
    let whole: u32 = categories.iter().map(|category| category.share()).sum();
    let mut weights: Vec<u32> =
        categories.iter().map(|category| category.share() * 100 / whole.max(1)).collect();
    let rest = 100 - weights.iter().sum::<u32>().min(100);
    if let Some(first) = weights.first_mut() {
        *first += rest;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_100() {
        assert_eq!(weights(&[Category::Secrets]), [100]);
        assert_eq!(weights(&[Category::Secrets, Category::Containers, Category::Interface]), [45, 44, 11]);
        assert_eq!(weights(&[]), [0; 0]);
    }
}
