/** Where the API answers on a server of Fermata's own. */
const defaultBasePath = "/api";

/**
 * Below what the procedures are asked: the URL itself where it has a path, such as `/api/fermata`, else `/api` of its
 * origin, or of the page's own.
 */
export function baseUrlOf(url: string): string {
  const trimmed = url.replace(/\/+$/, "");
  const path = trimmed.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, "");
  return path === "" ? `${trimmed}${defaultBasePath}` : trimmed;
}
