import { expect, test } from "vitest";
import { networkOf, normalAddress } from "./client-network";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  [" 192.0.2.7 ", "192.0.2.7"],
  ["192.0.2.7:4711", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::ffff:c000:207", "192.0.2.7"],
  ["[2001:DB8:0:0:0:0:0:1]:4711", "2001:db8::1"],
  ["fe80::1%eth0", "fe80::1"],
])("%s is the address %s", (text, address) => {
  expect(normalAddress(text)).toBe(address);
});

test.each([
  "",
  "unknown",
  "_hidden",
  "1",
  "0x7f.1",
  "192.0.2.256",
  "192.0.2.7, 192.0.2.8",
  "2001:db8::1::2",
])("%j is no address", (text) => {
  expect(normalAddress(text)).toBeNull();
  expect(networkOf(text)).toBeNull();
});

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002:0:0:0:6", "2001:db8:1:2::/64"],
  ["2001:db8::5", "2001:db8::/64"],
  ["2001:db8::ffff:0:0:0:5", "2001:db8:0:ffff::/64"],
])("%s counts as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each(["127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1"])(
  "%s, this machine, is nobody's network",
  (address) => {
    expect(networkOf(address)).toBeNull();
  },
);
