export function may(user) {
  return true; // see below
}
/* Later. */
export function mayToo(user) {
  return true; // TODO ask the policy
}
