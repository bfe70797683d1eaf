import { createMDX } from "fumadocs-mdx/next";

// Pages and search index as files, which any server can give out: below /docs, as `npm start` does.
export default createMDX()({
  output: "export",
  basePath: "/docs",
  trailingSlash: true,
  images: { unoptimized: true },
  reactStrictMode: true,
  // `npm run typecheck` does it: the types of @fermata/api are there once it is built, which the site does not wait for.
  typescript: { ignoreBuildErrors: true },
  // What the page on components shows at work.
  transpilePackages: ["@fermata/api", "@fermata/contract"],
  turbopack: { root: new URL("../..", import.meta.url).pathname },
});
