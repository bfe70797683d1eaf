import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { makeDataDir } from "./data-dir";
import { startNextHosting, startSelfHosted } from "./start-server";
import type { Target } from "./targets";

/** Starts the product in both of its hostings, or tests the one that BASE_URL names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { BASE_URL, ADMIN_EMAIL, ADMIN_PASSWORD, ALLOWED_ORIGIN } = process.env;
  // Vite puts its own BASE_URL, a path, where none is set.
  if (BASE_URL?.startsWith("http")) {
    const target: Target = {
      name: BASE_URL,
      baseUrl: BASE_URL.replace(/\/$/, ""),
      adminEmail: ADMIN_EMAIL ?? "admin@fermata.local",
      adminPassword: ADMIN_PASSWORD ?? "",
      allowedOrigin: ALLOWED_ORIGIN ?? "https://mirror.example.com",
    };
    project.provide("targets", [target]);
    return async () => {};
  }
  const dir = await makeDataDir();
  const starts = await Promise.allSettled([
    startSelfHosted(join(dir, "self-hosted")),
    startNextHosting(join(dir, "next")),
  ]);
  const servers = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
  const teardown = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(dir, { recursive: true, force: true });
  };
  for (const start of starts) {
    if (start.status === "fulfilled") continue;
    // The one that did start would outlive this run.
    await teardown();
    throw start.reason;
  }
  project.provide(
    "targets",
    servers.map((server) => server.target),
  );
  return teardown;
}
