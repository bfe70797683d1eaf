import { type ApiRoute, policy, type RouteName, type RoutePolicy } from "./policy";

export interface FoundRoute {
  name: RouteName;
  policy: RoutePolicy;
  /** What stands in the place of `:name` or `*`. */
  rest: string;
}

interface Matcher {
  name: ApiRoute;
  prefix: string;
  kind: "exact" | "segment" | "rest";
}

const segment = /^[\w-]+$/;

const matchers: Matcher[] = Object.entries(policy)
  .filter(([name]) => name !== "pages")
  .map(([name, { path }]) => {
    const [prefix = "", parameter = ""] = path.split(/(?=\*|:)/);
    const kind = parameter === "" ? "exact" : parameter === "*" ? "rest" : "segment";
    return { name: name as ApiRoute, prefix, kind };
  });

/**
 * The route that a path leads to; null for a path below the base path that leads nowhere. What is not below it is a page.
 * @param path without the query
 */
export function findRoute(basePath: string, path: string): FoundRoute | null {
  // Where everybody looks for them.
  if (path === "/metrics") return { name: "metrics", policy: policy.metrics, rest: "" };
  const isBelow = path.startsWith(basePath) && path[basePath.length] === "/";
  if (!isBelow) {
    return path === basePath ? null : { name: "pages", policy: policy.pages, rest: path };
  }
  const below = path.slice(basePath.length + 1);
  for (const { name, prefix, kind } of matchers) {
    if (!below.startsWith(prefix)) continue;
    const rest = below.slice(prefix.length);
    if (kind === "exact" ? rest === "" : kind === "rest" || segment.test(rest)) {
      return { name, policy: policy[name], rest };
    }
  }
  return null;
}
