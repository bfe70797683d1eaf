import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/** A pooler before the database of a URL that does not pass on in which time zone a session is to be. */
export async function startForgetful(url: string): Promise<{ url: string; stop(): Promise<void> }> {
  const { hostname, port } = new URL(url);
  const server = createServer((client) => {
    const database = connect(Number(port), hostname);
    client.once("data", (start) => {
      database.write(withoutZone(start));
      client.pipe(database).pipe(client);
    });
    client.on("error", () => database.destroy());
    database.on("error", () => client.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const here = new URL(url);
  here.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: here.href,
    stop: async () => void server.close(),
  };
}

/** A start-up message begins with its length. */
function withoutZone(start: Buffer): Buffer {
  const text = start.toString("latin1", 4).replace("TimeZone\0UTC\0", "");
  const message = Buffer.from(`\0\0\0\0${text}`, "latin1");
  message.writeUInt32BE(message.length);
  return message;
}
