// Calls the new interface; `openapi.yaml` declares it.
export async function read<T>(path: string): Promise<T> {
  const answer = await fetch(`/api/${path}`, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}
