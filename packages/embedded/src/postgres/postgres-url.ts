/** The superuser's URL; the server listens on 127.0.0.1 only. */
export function postgresUrl(port: number, database: string, password?: string): string {
  const secret = password ? `:${encodeURIComponent(password)}` : "";
  return `postgresql://postgres${secret}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}
