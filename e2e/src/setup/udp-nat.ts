import { createSocket, type Socket } from "node:dgram";
import type { AddressInfo } from "node:net";

/** What one sender came to be known by at the service. */
interface Flow {
  sender: { port: number; address: string };
  socket: Socket;
  beganAtMs: number;
  /** The first two bytes of each answer: in STUN, its type. */
  answers: number[];
}

export interface UdpNat {
  port: number;
  /** In the order in which they began. */
  flows(): Pick<Flow, "beganAtMs" | "answers">[];
  /** The first sender is heard no more, and the next new one gets its port at the service. */
  reusePort(): void;
  close(): void;
}

/** A NAT on loopback before a service: each sender has a port of its own there. */
export async function startUdpNat(servicePort: number): Promise<UdpNat> {
  const near = await bound();
  const flows: Flow[] = [];
  let free: Socket | null = null;

  const begin = async (sender: Flow["sender"]): Promise<Flow> => {
    const socket = free ?? (await bound());
    free = null;
    const flow: Flow = { sender, socket, beganAtMs: performance.now(), answers: [] };
    socket.removeAllListeners("message");
    socket.on("message", (bytes) => {
      flow.answers.push(bytes.readUInt16BE(0));
      near.send(bytes, sender.port, sender.address);
    });
    flows.push(flow);
    return flow;
  };
  const begun = new Map<number, Promise<Flow>>();
  near.on("message", async (bytes, { port, address }) => {
    const known = begun.get(port) ?? begin({ port, address });
    begun.set(port, known);
    const { socket } = await known;
    socket.send(bytes, servicePort, "127.0.0.1");
  });
  return {
    port: (near.address() as AddressInfo).port,
    flows: () => flows,
    reusePort() {
      const [first] = flows.splice(0);
      if (!first) throw new Error("nobody sent anything yet");
      free = first.socket;
      begun.set(first.sender.port, new Promise(() => {}));
    },
    close() {
      for (const { socket } of flows) socket.close();
      free?.close();
      near.close();
    },
  };
}

function bound(): Promise<Socket> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => socket.bind(0, "127.0.0.1", () => resolve(socket)));
}
