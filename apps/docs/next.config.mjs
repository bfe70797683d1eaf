import { createMDX } from "fumadocs-mdx/next";

// Pages and search index as files, which any server can give out: below /docs, as `npm start` does.
export default createMDX()({
  output: "export",
  basePath: "/docs",
  trailingSlash: true,
  images: { unoptimized: true },
  reactStrictMode: true,
  turbopack: { root: new URL("../..", import.meta.url).pathname },
});
