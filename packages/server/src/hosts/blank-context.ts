import type { RequestContext, Services } from "../context";

const blanks = new WeakMap<Services, RequestContext>();

/**
 * A context of nobody's request, of which each request's is a copy: an object that has all of its fields is copied in a
 * twentieth of the time that it takes to add four to it, and that was a fifteenth of a trivial query.
 */
export function blankContext(services: Services): RequestContext {
  const known = blanks.get(services);
  if (known) return known;
  const blank = { ...services, requestId: "", origin: "", clientAddress: "", identity: null };
  blanks.set(services, blank);
  return blank;
}
