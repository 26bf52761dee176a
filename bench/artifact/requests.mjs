import { subscribe } from 'node:diagnostics_channel';

/** Counts the requests that this process sends from now on; gives how many there were. */
export function countRequests() {
  let count = 0;
  subscribe('http.client.request.start', () => {
    count++;
  });
  return () => count;
}
