// PeerServer as its documentation shows it, with room for more clients than its default, and for longer: those of the
// bench send no heartbeats.
import { PeerServer } from "peer";

const app = PeerServer({
  host: "127.0.0.1",
  port: Number(process.env.PORT),
  path: "/",
  concurrent_limit: 20_000,
  alive_timeout: 3_600_000,
});
app.get("/api/health", (_request, response) => {
  response.end("ok");
});
process.on("SIGTERM", () => process.exit(0));
