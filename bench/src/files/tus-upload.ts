import { createServer } from "node:http";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

// As its guide sets it up. An upload is one request, by its extension "creation with upload".
const tus = new Server({
  path: "/upload",
  datastore: new FileStore({ directory: process.env.UPLOADS_DIR ?? "" }),
});

createServer((request, response) => {
  if (request.url === "/api/health") response.end("{}");
  else void tus.handle(request, response);
}).listen(Number(process.env.PORT), process.env.HOST ?? "127.0.0.1");
