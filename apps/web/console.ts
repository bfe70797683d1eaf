/** What `npx fermata console` finds here, beside the pages. */
export { serveConsole } from "./src/console/serve-console";
