//! Arithmetic and order over whole numbers and fractions together. Whole numbers stay exact;
//! overflow is an error, never a wrapped number.

use std::cmp::Ordering;
use std::sync::Arc;

use cel::{Context, ExecutionError, Value};

pub(super) const ADD: &str = "gonogo_add";
pub(super) const SUBTRACT: &str = "gonogo_subtract";
pub(super) const MULTIPLY: &str = "gonogo_multiply";
pub(super) const DIVIDE: &str = "gonogo_divide";
pub(super) const LESS: &str = "gonogo_less";
pub(super) const LESS_EQUALS: &str = "gonogo_less_equals";
pub(super) const GREATER: &str = "gonogo_greater";
pub(super) const GREATER_EQUALS: &str = "gonogo_greater_equals";

/// Adds the functions under the names above.
pub(super) fn register(context: &mut Context<'_, '_>) {
    // Adding fails only when a name is taken by the standard library, and these are our own.
    let _ = context.add_function(ADD, |a: Value, b: Value| add(a, b));
    let _ = context
        .add_function(SUBTRACT, |a: Value, b: Value| number(&a, &b, "-", i64::checked_sub, |a, b| a - b));
    let _ = context
        .add_function(MULTIPLY, |a: Value, b: Value| number(&a, &b, "*", i64::checked_mul, |a, b| a * b));
    let _ = context
        .add_function(DIVIDE, |a: Value, b: Value| number(&a, &b, "/", i64::checked_div, |a, b| a / b));
    let _ = context.add_function(LESS, |a: Value, b: Value| order(&a, &b, "<", Ordering::is_lt));
    let _ = context.add_function(LESS_EQUALS, |a: Value, b: Value| order(&a, &b, "<=", Ordering::is_le));
    let _ = context.add_function(GREATER, |a: Value, b: Value| order(&a, &b, ">", Ordering::is_gt));
    let _ = context.add_function(GREATER_EQUALS, |a: Value, b: Value| order(&a, &b, ">=", Ordering::is_ge));
}

/// A fact as CEL sees it: whole numbers are `int`, never `uint`.
pub(super) fn to_cel(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(value) => {
            value.as_i64().map_or_else(|| Value::Float(value.as_f64().unwrap_or(f64::MAX)), Value::Int)
        }
        serde_json::Value::String(value) => Value::String(Arc::new(value.clone())),
        serde_json::Value::Array(values) => Value::List(Arc::new(values.iter().map(to_cel).collect())),
        serde_json::Value::Object(values) => Value::Map(to_cel_map(values)),
    }
}

#[expect(clippy::disallowed_types, reason = "CEL's map is made from one; no assertion can see its order")]
fn to_cel_map(values: &serde_json::Map<String, serde_json::Value>) -> cel::objects::Map {
    let entries: std::collections::HashMap<String, Value> =
        values.iter().map(|(key, value)| (key.clone(), to_cel(value))).collect();
    entries.into()
}

fn add(a: Value, b: Value) -> Result<Value, ExecutionError> {
    match (&a, &b) {
        (Value::String(a), Value::String(b)) => Ok(Value::String(Arc::new(format!("{a}{b}")))),
        (Value::List(a), Value::List(b)) => {
            Ok(Value::List(Arc::new(a.iter().chain(b.iter()).cloned().collect())))
        }
        _ => number(&a, &b, "+", i64::checked_add, |a, b| a + b),
    }
}

fn number(
    a: &Value,
    b: &Value,
    sign: &'static str,
    whole: fn(i64, i64) -> Option<i64>,
    fraction: fn(f64, f64) -> f64,
) -> Result<Value, ExecutionError> {
    if let (Some(a), Some(b)) = (as_whole(a), as_whole(b)) {
        return whole(a, b).map(Value::Int).ok_or_else(|| undefined(sign, "overflows or divides by zero"));
    }
    let (Some(a), Some(b)) = (as_fraction(a), as_fraction(b)) else {
        return Err(undefined(sign, &format!("is not defined between {} and {}", a.type_of(), b.type_of())));
    };
    let result = fraction(a, b);
    if result.is_finite() {
        Ok(Value::Float(result))
    } else {
        Err(undefined(sign, "overflows or divides by zero"))
    }
}

fn order(
    a: &Value,
    b: &Value,
    sign: &'static str,
    holds: fn(Ordering) -> bool,
) -> Result<Value, ExecutionError> {
    let ordering = match (a, b) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => match (as_whole(a), as_whole(b)) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => as_fraction(a).zip(as_fraction(b)).and_then(|(a, b)| a.partial_cmp(&b)),
        },
    };
    let undefined =
        || undefined(sign, &format!("is not defined between {} and {}", a.type_of(), b.type_of()));
    ordering.map(|ordering| Value::Bool(holds(ordering))).ok_or_else(undefined)
}

fn as_whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(value) => Some(*value),
        Value::UInt(value) => i64::try_from(*value).ok(),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a comparison with a fraction is a comparison of floats")]
fn as_fraction(value: &Value) -> Option<f64> {
    match value {
        Value::Int(value) => Some(*value as f64),
        Value::UInt(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}

fn undefined(sign: &'static str, why: &str) -> ExecutionError {
    ExecutionError::function_error(sign, why)
}
