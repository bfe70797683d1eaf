// The few messages of TURN (RFC 8656, over STUN, RFC 8489) that a place at a relay takes.
import { createHash, createHmac, randomBytes } from "node:crypto";

const cookie = 0x2112a442;
const headerBytes = 20;
const integrityBytes = 24;

const methods = { allocate: 0x0003, refresh: 0x0004 } as const;
const attributes = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  realm: 0x0014,
  nonce: 0x0015,
  requestedTransport: 0x0019,
} as const;
const udp = 17;

/** What a relay wants proved, and by whom. */
export interface LongTermCredentials {
  username: string;
  password: string;
  realm: string;
  nonce: string;
}

export interface TurnRequest {
  transactionId: Buffer;
  bytes: Buffer;
}

export interface TurnReply {
  transactionId: Buffer;
  /** Null when the request was granted. */
  errorCode: number | null;
  realm: string | null;
  nonce: string | null;
}

/** Asks for an address at the relay that carries UDP. Without credentials the relay answers with what it wants. */
export function allocateRequest(credentials: LongTermCredentials | null): TurnRequest {
  return request(
    methods.allocate,
    [[attributes.requestedTransport, Buffer.from([udp, 0, 0, 0])]],
    credentials,
  );
}

/** Gives the address back. */
export function releaseRequest(credentials: LongTermCredentials): TurnRequest {
  return request(methods.refresh, [[attributes.lifetime, Buffer.alloc(4)]], credentials);
}

function request(
  method: number,
  body: [type: number, value: Buffer][],
  credentials: LongTermCredentials | null,
): TurnRequest {
  const transactionId = randomBytes(12);
  const values = credentials
    ? [
        ...body,
        [attributes.username, Buffer.from(credentials.username)] as const,
        [attributes.realm, Buffer.from(credentials.realm)] as const,
        [attributes.nonce, Buffer.from(credentials.nonce)] as const,
      ]
    : body;
  const encoded = Buffer.concat(values.map(([type, value]) => attribute(type, value)));
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(method, 0);
  header.writeUInt16BE(encoded.length + (credentials ? integrityBytes : 0), 2);
  header.writeUInt32BE(cookie, 4);
  transactionId.copy(header, 8);
  const unsigned = Buffer.concat([header, encoded]);
  if (!credentials) return { transactionId, bytes: unsigned };
  const { username, realm, password } = credentials;
  const key = createHash("md5").update(`${username}:${realm}:${password}`).digest();
  const integrity = createHmac("sha1", key).update(unsigned).digest();
  const bytes = Buffer.concat([unsigned, attribute(attributes.messageIntegrity, integrity)]);
  return { transactionId, bytes };
}

function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

const padded = (length: number) => Math.ceil(length / 4) * 4;

/** How long the message is that begins here; null while its header is not there yet. */
export function messageLength(bytes: Buffer): number | null {
  return bytes.length < headerBytes ? null : headerBytes + bytes.readUInt16BE(2);
}

/** Null for bytes that are no whole answer of STUN. */
export function readReply(bytes: Buffer): TurnReply | null {
  const length = messageLength(bytes);
  if (length === null || bytes.length < length || bytes.readUInt32BE(4) !== cookie) return null;
  const classOf = bytes.readUInt16BE(0) & 0x0110;
  if (classOf !== 0x0100 && classOf !== 0x0110) return null;
  const found = new Map<number, Buffer>();
  for (let at = headerBytes; at + 4 <= length; ) {
    const size = bytes.readUInt16BE(at + 2);
    if (at + 4 + size > length) return null;
    found.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + size));
    at += 4 + padded(size);
  }
  const error = found.get(attributes.errorCode);
  return {
    transactionId: bytes.subarray(8, headerBytes),
    errorCode: classOf === 0x0100 ? null : codeOf(error),
    realm: found.get(attributes.realm)?.toString() ?? null,
    nonce: found.get(attributes.nonce)?.toString() ?? null,
  };
}

/** Its hundreds and the rest stand in two bytes. */
function codeOf(value: Buffer | undefined): number {
  if (!value || value.length < 4) return 500;
  return (value.readUInt8(2) & 7) * 100 + value.readUInt8(3);
}
