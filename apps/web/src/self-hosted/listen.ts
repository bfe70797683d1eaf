import { createServer, type Server } from "node:http";

/** Listens on the wanted port, or on the next free one. */
export async function listen(server: Server, wanted: number, host: string): Promise<number> {
  for (let port = wanted; port < wanted + 100; port++) {
    try {
      return await tryListen(server, port, host);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EADDRINUSE") throw error;
    }
  }
  throw new Error(`Ports ${wanted} to ${wanted + 99} are all taken. Set PORT to a free one.`);
}

/** The port that `listen` will find: who has to know it before there is anything to listen with. */
export async function findPort(wanted: number, host: string): Promise<number> {
  const probe = createServer();
  const port = await listen(probe, wanted, host);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function tryListen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}
