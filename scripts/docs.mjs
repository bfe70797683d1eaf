// `npm run docs`: builds the documentation site into apps/docs/out, which any server of files can give out below /docs.
import { buildDocs, requireNode } from "./workspace.mjs";

requireNode();
await buildDocs();
