import { referenceTracksApi } from '../lib/api/reference-tracks';

export async function trackTitles(): Promise<string[]> {
  const page = await referenceTracksApi.list();
  return page.items.map((track) => track.title);
}
