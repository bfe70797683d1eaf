/** The page of one job. Its name may hold anything. */
export function jobPath(name: string): string {
  return `/crons/${encodeURIComponent(name)}`;
}
