/** What `npx fermata console` finds here, beside the pages; and which of them go into `@fermata/console`. */
export { consolePages } from "./src/console/guard";
export { serveConsole } from "./src/console/serve-console";
