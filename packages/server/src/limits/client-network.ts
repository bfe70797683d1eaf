import ipaddr from "ipaddr.js";

/** One customer often holds a whole /64 of IPv6. */
const ipv6PrefixBits = 64;

/**
 * An address as everybody writes it: expanded or shortened as it should be, IPv4 out of its IPv6 form, without a port or
 * a zone. Null for what is no address.
 */
export function normalAddress(text: string): string | null {
  return factsOf(text).normal;
}

/**
 * Whom an address counts as for limits: an IPv4 address, or the /64 of an IPv6 one. Null for what says nothing of who is
 * behind it: no address, or this machine's own, where whatever passes requests on was not named as a proxy.
 */
export function networkOf(address: string): string | null {
  return factsOf(address).network;
}

/** Whether this machine itself asks, or somebody behind a proxy on it that was not named as one. */
export function isOwnMachine(address: string): boolean {
  return factsOf(address).isOwnMachine;
}

interface AddressFacts {
  normal: string | null;
  network: string | null;
  isOwnMachine: boolean;
}

/** The same few thousand clients ask again and again. */
const known = new Map<string, AddressFacts>();
const mostKnown = 10_000;

function factsOf(text: string): AddressFacts {
  let facts = known.get(text);
  if (!facts) {
    facts = readFacts(parse(text));
    if (known.size >= mostKnown) known.clear();
    known.set(text, facts);
  }
  return facts;
}

function readFacts(address: ipaddr.IPv4 | ipaddr.IPv6 | null): AddressFacts {
  const normal = address?.toString() ?? null;
  const isOwnMachine = address?.range() === "loopback";
  if (!address || isOwnMachine) return { normal, network: null, isOwnMachine };
  if (address.kind() === "ipv4") return { normal, network: normal, isOwnMachine };
  const bytes = address.toByteArray().fill(0, ipv6PrefixBits / 8);
  return { normal, network: `${ipaddr.fromByteArray(bytes)}/${ipv6PrefixBits}`, isOwnMachine };
}

function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const bare = withoutPort(text.trim()).split("%")[0] ?? "";
  // Four numbers in full: "1" and "0x7f.1" are addresses to some parsers, and to nobody who writes a log.
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(bare) || ipaddr.IPv6.isValid(bare);
  return isAddress ? ipaddr.process(bare) : null;
}

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1];
  return bracketed ?? /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ?? text;
}
