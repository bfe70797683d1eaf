/** Who may import whom. The reasons stand in docs/architecture.md. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid(
      "no-circles",
      "A circle has no order in which it can be understood.",
      {},
      { circular: true },
    ),
    forbid(
      "contract-imports-zod-only",
      "The contract runs in browsers and stands below everything.",
      { path: "^packages/contract/src" },
      { pathNot: ["^packages/contract/src", "node_modules/zod/"] },
    ),
    forbid(
      "server-knows-no-web",
      "The server package is framework-free: it runs in Next, in Node and in tests.",
      { path: "^packages/server/src" },
      { path: ["^apps/", "^packages/api/", "node_modules/(next|next-auth|react)/"] },
    ),
    forbid(
      "server-uses-embedded-in-tests-only",
      "The embedded defaults are no part of production code.",
      { path: "^packages/server/src", pathNot: ["\\.test\\.ts$", "^packages/server/src/testing/"] },
      { path: "^packages/embedded/" },
    ),
    forbid(
      "api-takes-only-types-of-the-server",
      "The client runs in browsers; of the server it may know the types.",
      { path: "^packages/api/src", pathNot: "\\.test\\.tsx?$" },
      {
        path: ["^packages/server/", "^packages/embedded/", "^apps/"],
        dependencyTypesNot: ["type-only"],
      },
    ),
    forbid(
      "embedded-stands-alone",
      "Embedded defaults start the product; they know nothing of what it does.",
      { path: "^packages/embedded/src", pathNot: "\\.test\\.ts$" },
      { path: ["^apps/", "^packages/(api|server|contract)/"] },
    ),
    forbid(
      "pages-use-the-client",
      "Pages get their data as any frontend does, through packages/api.",
      { path: "^apps/web/src/(app|components|lib|pages)/", pathNot: "^apps/web/src/app/api/" },
      { path: ["^packages/server/", "^packages/embedded/", "^apps/web/src/(server|env)\\.ts"] },
    ),
    forbid(
      "mirror-uses-the-client",
      "Piano Mirror is any frontend on another origin: it knows what is published, and nothing else.",
      { path: "^apps/mirror/" },
      { path: ["^packages/", "^apps/"], pathNot: ["^apps/mirror/", "^packages/api/"] },
    ),
    forbid(
      "only-the-start-uses-embedded",
      "On a platform that has a database, nothing of the embedded one is loaded.",
      {
        path: "^apps/web/",
        pathNot: [
          "^apps/web/serve\\.ts",
          "^apps/web/doctor\\.ts",
          "^apps/web/src/(self-hosted|doctor|testing)/",
          "\\.test\\.ts$",
        ],
      },
      { path: "^packages/embedded/" },
    ),
    forbid(
      "adapters-are-named-by-the-composition",
      "Verbs know ports. Only the composition root and tests choose an adapter.",
      {
        path: "^packages/server/src",
        pathNot: [
          "^packages/server/src/(adapters|testing)/",
          "^packages/server/src/(create-fermata-server|stores|ice)\\.ts$",
          "\\.test\\.ts$",
        ],
      },
      { path: "^packages/server/src/adapters/" },
    ),
    forbid(
      "verbs-do-not-call-routers",
      "A router and a job stand above verbs.",
      {
        path: "^packages/server/src",
        pathNot: [
          "/router\\.ts$",
          "library-routes\\.ts$",
          "api-types\\.ts$",
          "create-fermata-server\\.ts$",
          "(index|internal)\\.ts$",
          "^packages/server/src/hosts/",
          "^packages/server/src/testing/",
          "\\.test\\.ts$",
        ],
      },
      { path: "^packages/server/src/.*router\\.ts$" },
    ),
    forbid(
      "only-the-composition-knows-the-studio",
      "Pages and commands ask the server, as any frontend does; what the studio does of its own stands behind it.",
      {
        path: "^apps/web/",
        pathNot: [
          "^apps/web/(serve|src/server)\\.ts$",
          "^apps/web/src/(studio|auth|self-hosted)/",
          "\\.test\\.ts$",
        ],
      },
      { path: "^apps/web/src/studio/" },
    ),
    forbid(
      "the-app-uses-the-door",
      "The app makes its server by createFermataServer. What it has of the inside it takes by name, from one file.",
      { path: "^apps/web/", pathNot: "\\.test\\.ts$" },
      {
        path: "^packages/server/src/",
        pathNot: [
          "^packages/server/src/(index|internal|stores|ice|node|api-types)\\.ts$",
          "^packages/server/src/hosts/",
          "^packages/server/src/limits/limit-classes\\.ts$",
          "^packages/server/src/adapters/",
          "^packages/server/src/testing/",
        ],
      },
    ),
    forbid(
      "tests-of-the-whole-are-black-box",
      "e2e tests speak HTTP, as users do.",
      { path: "^e2e/" },
      { path: ["^packages/server/", "^apps/"] },
    ),
    // The one of types alone, which no module stands behind; what a bundler makes; and a page that a test installs elsewhere.
    forbid(
      "resolvable",
      "An import that leads nowhere.",
      { pathNot: "^e2e/fixtures/" },
      { couldNotResolve: true, pathNot: "^mdast$|^astro:|[?]url$" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: {
      path: [
        "(^|/)(dist|out|\\.next|\\.astro|\\.turbo)/",
        "/src/generated/",
        "/test/consumer/",
        "\\.d\\.ts$",
      ],
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.cruise.json" },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "default", "node"],
      extensions: [".ts", ".tsx", ".mts", ".js", ".mjs", ".cjs", ".json", ".css"],
    },
  },
};
