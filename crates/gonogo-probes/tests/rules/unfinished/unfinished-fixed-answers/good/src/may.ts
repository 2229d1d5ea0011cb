export function may(user) {
  return true; // everybody may read
}
