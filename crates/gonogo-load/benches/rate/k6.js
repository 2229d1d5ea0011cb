// What "gonogo flow" does, for k6: the answer is read as JSON, a value taken out of it and asserted.
import { check } from 'k6';
import http from 'k6/http';

export const options = { vus: Number(__ENV.CONNECTIONS), duration: `${__ENV.SECONDS}s` };

export default function () {
  const body = http.get(__ENV.URL).json();
  check(body, { 'is ok': (body) => body.state === 'ok' && body.id > 0 });
}

export function handleSummary(summary) {
  return { stdout: String(summary.metrics.http_reqs.values.count) };
}
