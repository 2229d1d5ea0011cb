//! Assertions of a usual form, answered without the evaluator: comparisons of facts with what is
//! written, and `&&`, `||`, `!` and `has` over them. Whoever asks ten thousand times a second asks
//! here first. Where anything is unusual there is no answer, and the evaluator is asked: it alone
//! says what an assertion means, and a test holds both against each other.

use std::borrow::Cow;
use std::cmp::Ordering;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};
use serde_json::Value;

use super::arithmetic;

/// An assertion of a usual form.
#[derive(Debug, Clone)]
pub(super) enum Quick {
    And(Box<[Quick; 2]>),
    Or(Box<[Quick; 2]>),
    Not(Box<Quick>),
    Compare(How, [Term; 2]),
    Has(Path),
    True(Path),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What is compared.
#[derive(Debug, Clone)]
pub(super) enum Term {
    Path(Path),
    Written(Value),
}

/// A fact, and the way into it.
#[derive(Debug, Clone)]
pub(super) struct Path {
    fact: String,
    fields: Vec<String>,
}

impl Quick {
    /// The quick form of a tree that was rewritten, when it has one.
    pub(super) fn of(tree: &IdedExpr) -> Option<Quick> {
        match &tree.expr {
            Expr::Call(call) if call.target.is_none() => Quick::of_call(call),
            Expr::Select(select) if select.test => {
                let mut path = Path::of(&select.operand)?;
                path.fields.push(select.field.clone());
                Some(Quick::Has(path))
            }
            _ => Path::of(tree).map(Quick::True),
        }
    }

    fn of_call(call: &CallExpr) -> Option<Quick> {
        let pair = |left: &IdedExpr, right: &IdedExpr| Some(Box::new([Quick::of(left)?, Quick::of(right)?]));
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND, [left, right]) => pair(left, right).map(Quick::And),
            (operators::LOGICAL_OR, [left, right]) => pair(left, right).map(Quick::Or),
            (operators::LOGICAL_NOT, [one]) => Some(Quick::Not(Box::new(Quick::of(one)?))),
            (name, [left, right]) => {
                Some(Quick::Compare(How::of(name)?, [Term::of(left)?, Term::of(right)?]))
            }
            _ => None,
        }
    }

    /// The answer, where there is one. `find` gives the value of a fact.
    pub(super) fn holds<'f>(&self, find: &impl Fn(&str) -> Option<Cow<'f, Value>>) -> Option<bool> {
        match self {
            // What is unknown on one side does not matter when the other decides.
            Quick::And(sides) => match sides[0].holds(find)? {
                false => Some(false),
                true => sides[1].holds(find),
            },
            Quick::Or(sides) => match sides[0].holds(find)? {
                true => Some(true),
                false => sides[1].holds(find),
            },
            Quick::Not(one) => one.holds(find).map(|holds| !holds),
            Quick::Compare(how, [left, right]) => how.holds(&*left.value(find)?, &*right.value(find)?),
            Quick::Has(path) => {
                let (last, way) = path.fields.split_last()?;
                let value = inside(find(&path.fact)?, way)?;
                value.as_object().map(|fields| fields.contains_key(last))
            }
            Quick::True(path) => path.value(find)?.as_bool(),
        }
    }
}

impl How {
    fn of(name: &str) -> Option<How> {
        Some(match name {
            operators::EQUALS => How::Equal,
            operators::NOT_EQUALS => How::Unequal,
            arithmetic::LESS => How::Less,
            arithmetic::LESS_EQUALS => How::LessOrEqual,
            arithmetic::GREATER => How::Greater,
            arithmetic::GREATER_EQUALS => How::GreaterOrEqual,
            _ => return None,
        })
    }

    /// Only between values of one kind; what others mean to each other the evaluator knows.
    fn holds(self, left: &Value, right: &Value) -> Option<bool> {
        let ordering = match (left, right) {
            (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
                (Some(left), Some(right)) => left.cmp(&right),
                (None, None) => left.as_f64()?.partial_cmp(&right.as_f64()?)?,
                _ => return None,
            },
            (Value::String(left), Value::String(right)) => left.cmp(right),
            (Value::Bool(left), Value::Bool(right)) if self.is_equality() => left.cmp(right),
            _ => return None,
        };
        Some(match self {
            How::Equal => ordering == Ordering::Equal,
            How::Unequal => ordering != Ordering::Equal,
            How::Less => ordering.is_lt(),
            How::LessOrEqual => ordering.is_le(),
            How::Greater => ordering.is_gt(),
            How::GreaterOrEqual => ordering.is_ge(),
        })
    }

    fn is_equality(self) -> bool {
        matches!(self, How::Equal | How::Unequal)
    }
}

impl Term {
    fn of(tree: &IdedExpr) -> Option<Term> {
        let Expr::Literal(literal) = &tree.expr else { return Path::of(tree).map(Term::Path) };
        Some(Term::Written(match literal {
            LiteralValue::Boolean(value) => Value::Bool(*value.inner()),
            LiteralValue::Int(value) => Value::from(*value.inner()),
            LiteralValue::String(value) => Value::from(value.inner()),
            _ => return None,
        }))
    }

    fn value<'v, 'f: 'v>(&'v self, find: &impl Fn(&str) -> Option<Cow<'f, Value>>) -> Option<Cow<'v, Value>> {
        match self {
            Term::Path(path) => path.value(find),
            Term::Written(value) => Some(Cow::Borrowed(value)),
        }
    }
}

impl Path {
    fn of(tree: &IdedExpr) -> Option<Path> {
        match &tree.expr {
            Expr::Ident(name) => Some(Path { fact: name.clone(), fields: Vec::new() }),
            Expr::Select(select) if !select.test => {
                let mut path = Path::of(&select.operand)?;
                path.fields.push(select.field.clone());
                Some(path)
            }
            _ => None,
        }
    }

    fn value<'f>(&self, find: &impl Fn(&str) -> Option<Cow<'f, Value>>) -> Option<Cow<'f, Value>> {
        inside(find(&self.fact)?, &self.fields)
    }
}

/// The value at the end of a way into another one.
fn inside<'f>(value: Cow<'f, Value>, fields: &[String]) -> Option<Cow<'f, Value>> {
    match value {
        Cow::Borrowed(value) => {
            fields.iter().try_fold(value, |value, field| value.as_object()?.get(field)).map(Cow::Borrowed)
        }
        Cow::Owned(value) if fields.is_empty() => Some(Cow::Owned(value)),
        Cow::Owned(_) => None,
    }
}
