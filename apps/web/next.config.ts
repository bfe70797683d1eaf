import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

// Next looks for the workspace's root by itself and ignores one that holds $HOME: it is said here.
const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/** The decoder that the workbench loads: of that version, and not of another that Next brings along. */
const inServer = createRequire(new URL("../../packages/server/package.json", import.meta.url));
const decoder: { version: string; optionalDependencies: Record<string, string> } = JSON.parse(
  readFileSync(
    inServer.resolve("sharp").replace(/([\\/]node_modules[\\/]sharp[\\/]).*/, "$1package.json"),
    "utf8",
  ),
);
const tracedForWorkbench = [
  "./dist/workbench-process.js",
  `../../node_modules/.pnpm/sharp@${decoder.version}_*/node_modules/sharp/**`,
  ...Object.entries(decoder.optionalDependencies).map(
    ([name, version]) => `../../node_modules/.pnpm/${name.replace("/", "+")}@${version}/**`,
  ),
  "../../node_modules/.pnpm/{@img+colour,detect-libc,semver}@*/node_modules/**",
];

const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(self), microphone=(self), geolocation=()" },
];

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The address that a start prints. Next's development server serves scripts to localhost alone.
  allowedDevOrigins: ["127.0.0.1"],
  // Not over the account menu.
  devIndicators: { position: "bottom-right" },
  transpilePackages: ["@fermata/api", "@fermata/contract", "@fermata/embedded", "@fermata/server"],
  serverExternalPackages: [
    ...["@node-rs/argon2", "pg", "pino", "inngest", "sharp"],
    // Loaded only where a collector is named.
    ...["api", "context-async-hooks", "core", "resources", "sdk-metrics", "sdk-trace-base"].map(
      (name) => `@opentelemetry/${name}`,
    ),
    ...["trace", "metrics"].flatMap((signal) =>
      ["http", "proto"].map((protocol) => `@opentelemetry/exporter-${signal}-otlp-${protocol}`),
    ),
  ],
  turbopack: { root: repositoryRoot },
  // `npm run typecheck` does it, and nobody who starts the product waits for it.
  typescript: { ignoreBuildErrors: true },
  outputFileTracingRoot: repositoryRoot,
  // Pictures come in the sizes that were made of them: nothing is resized for whoever asks.
  images: { unoptimized: true },
  // Started by its path, which tracing does not follow; so the decoder that it loads.
  outputFileTracingIncludes: { "/api/**": tracedForWorkbench },
  // The API sets its own headers.
  // Browsers ask for it by themselves.
  rewrites: async () => [{ source: "/favicon.ico", destination: "/icon.svg" }],
  headers: async () => [{ source: "/((?!api/).*)", headers: securityHeaders }],
};

export default config;
