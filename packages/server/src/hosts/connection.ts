/** What the host knows of a connection beside the request itself. */
export interface Connection {
  remoteAddress?: string | undefined;
  /** The host cuts a body that takes longer than its route allows. */
  boundsBodies?: boolean;
  /** The host writes what the route's policy says of headers by itself, which costs less than in a `Response`. */
  writesHeaders?: boolean;
}
