import { expect, test } from "vitest";
import { findRoute } from "./find-route";

test.each([
  ["/api/trpc/auth.me", "trpc", "auth.me"],
  ["/api/trpc/a,b", "trpc", "a,b"],
  ["/api/files/abc-_1", "file", "abc-_1"],
  ["/api/files/upload/fmu_x", "upload", "fmu_x"],
  ["/api/objects/media-public/key", "objects", "media-public/key"],
  ["/api/auth/callback/github", "auth", "callback/github"],
  ["/api/inngest", "inngest", ""],
  ["/api/openapi.json", "openapi", ""],
  ["/api/health", "health", ""],
  ["/api/metrics", "metrics", ""],
  ["/", "pages", "/"],
  ["/apiary", "pages", "/apiary"],
])("%s is the route %s", (path, name, rest) => {
  expect(findRoute("/api", path)).toMatchObject({ name, rest });
  if (name === "pages") return;
  expect(findRoute("/x/y", path.replace("/api", "/x/y"))).toMatchObject({ name, rest });
});

test.each([
  "/api",
  "/api/",
  "/api/nowhere",
  "/api/health/",
  "/api/healthy",
  "/api/files/",
  "/api/files/a/b",
  "/api/files/a%2fb",
  "/api/files/upload/",
])("%s leads nowhere", (path) => {
  expect(findRoute("/api", path)).toBeNull();
});
