import { fileURLToPath } from "node:url";

const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

export default {
  turbopack: { root: repositoryRoot },
  outputFileTracingRoot: repositoryRoot,
};
