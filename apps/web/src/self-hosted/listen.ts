import { createServer, type Server } from "node:http";
import { StartError } from "./explain-failed-start";

/** Listens on the wanted port, or on the next free one. */
export async function listen(server: Server, wanted: number, host: string): Promise<number> {
  for (let port = wanted; port < wanted + 100; port++) {
    try {
      return await tryListen(server, port, host);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EADDRINUSE") throw explained(error, port, host);
    }
  }
  throw new Error(`Ports ${wanted} to ${wanted + 99} are all taken. Set PORT to a free one.`);
}

const failures: Record<string, (port: number, host: string) => string> = {
  ENOTFOUND: (_, host) =>
    `HOST is ${host}, and there is no such host. 127.0.0.1 is this machine alone, 0.0.0.0 all.`,
  EADDRNOTAVAIL: (_, host) =>
    `HOST is ${host}, which is no address of this machine. 0.0.0.0 listens on all it has.`,
  EAFNOSUPPORT: (_, host) =>
    `HOST is ${host}, and this machine has no such network. 0.0.0.0 listens on all it has.`,
  EACCES: (port) =>
    `This user may not listen on port ${port}. Set PORT to one above 1023, and lead the other to it.`,
};

function explained(error: unknown, port: number, host: string): unknown {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const say = failures[code];
  return say ? new StartError(`${say(port, host)}\n(${message})`) : error;
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
