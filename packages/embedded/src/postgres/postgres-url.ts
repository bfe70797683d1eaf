/** The superuser's URL; the server listens on 127.0.0.1 only. */
export function postgresUrl(port: number, database: string): string {
  return `postgresql://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}
