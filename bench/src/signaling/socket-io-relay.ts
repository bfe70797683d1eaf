// A socket.io server as its documentation shows it: rooms, and messages passed on to everybody else in one.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer((request, response) => {
  if (request.url === "/api/health") response.end("ok");
});
const io = new Server(http, { transports: ["websocket"] });
io.on("connection", (socket) => {
  socket.on("join", (room: string, done: () => void) => {
    void socket.join(room);
    done();
  });
  socket.on("note", (room: string, text: string) => socket.to(room).emit("note", text));
});
http.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
