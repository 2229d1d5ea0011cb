import { read } from './client';

export interface Track { id: string; title: string }

export const referenceTracksApi = {
  list: () => read<{ items: Track[] }>('reference-tracks/list'),
};
