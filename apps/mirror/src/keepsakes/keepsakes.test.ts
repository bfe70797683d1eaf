import type { Fermata } from "@fermata/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createKeepsakes } from "./keepsakes";

const film = { title: "Recording 1", filename: "Lesson.webm", bytes: new Blob(["film"]) };
let downloads: string[] = [];
/** What an upload comes to, in this order. */
let outcomes: (Error | null)[] = [];
const uploads: string[] = [];

const own = {
  media: {
    async upload(_: Blob, { filename }: { filename: string }) {
      uploads.push(filename);
      const outcome = outcomes.shift();
      if (outcome) throw outcome;
    },
  },
};
let isSignedIn = true;
const client = () => (isSignedIn ? (own as unknown as Fermata) : null);

beforeEach(() => {
  downloads = [];
  outcomes = [];
  isSignedIn = true;
  uploads.length = 0;
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("document", {
    createElement: () => {
      const link = { href: "", download: "", click: () => downloads.push(link.download) };
      return link;
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("what the server refuses can be saved here, and then the page may go", async () => {
  const keepsakes = createKeepsakes();
  outcomes = [new Error("Your space is used up.")];
  keepsakes.add(film, client);
  await settled();
  expect(keepsakes.get()).toMatchObject([{ status: "failed" }]);
  expect(keepsakes.isNeeded()).toBe(true);
  keepsakes.save(1);
  expect(downloads).toEqual(["Lesson.webm"]);
  expect(keepsakes.get()).toMatchObject([{ status: "downloaded" }]);
  expect(keepsakes.isNeeded()).toBe(false);
});

test("nothing is sent of what is empty, and the list says so", async () => {
  const keepsakes = createKeepsakes();
  keepsakes.add({ ...film, bytes: new Blob([]) }, client);
  keepsakes.add({ ...film, bytes: new Blob([]) }, null);
  await settled();
  expect(keepsakes.get()).toMatchObject([{ status: "empty" }, { status: "empty" }]);
  expect([...uploads, ...downloads]).toEqual([]);
  expect(keepsakes.isNeeded()).toBe(false);
});

test("an earlier page's recording leaves its shelf once it is saved, or not wanted", () => {
  const keepsakes = createKeepsakes();
  const onSafe = vi.fn();
  const message = "From 7:30 PM, left behind";
  keepsakes.offer({ ...film, message, onSafe });
  keepsakes.offer({ ...film, message, onSafe });
  expect(keepsakes.get()).toMatchObject([{ status: "found", message }, { status: "found" }]);
  keepsakes.tidy();
  expect(keepsakes.get()).toHaveLength(2);
  expect(onSafe).not.toHaveBeenCalled();
  keepsakes.save(1);
  keepsakes.save(1);
  expect(onSafe).toHaveBeenCalledTimes(1);
  keepsakes.dismiss(2);
  expect(onSafe).toHaveBeenCalledTimes(2);
});

test("what the server took leaves the shelf, and what it refused does not", async () => {
  const keepsakes = createKeepsakes();
  const [onSafe, onRefused] = [vi.fn(), vi.fn()];
  outcomes = [null, new Error("no")];
  keepsakes.add({ ...film, onSafe }, client);
  keepsakes.add({ ...film, onSafe: onRefused }, client);
  await settled();
  expect(onSafe).toHaveBeenCalledTimes(1);
  expect(onRefused).not.toHaveBeenCalled();
});

test("the next call begins without what arrived, and with what did not", async () => {
  const keepsakes = createKeepsakes();
  outcomes = [null, new Error("no")];
  keepsakes.add(film, client);
  keepsakes.add({ ...film, title: "Recording 2" }, client);
  keepsakes.add({ ...film, title: "Recording 3" }, null);
  await settled();
  keepsakes.tidy();
  expect(keepsakes.get().map(({ title }) => title)).toEqual(["Recording 2"]);
});

test("what failed is sent again with the account of then, and not without one", async () => {
  const keepsakes = createKeepsakes();
  outcomes = [new Error("Sign in first.")];
  keepsakes.add(film, client);
  await settled();
  isSignedIn = false;
  keepsakes.retry(1);
  await settled();
  expect(keepsakes.get()).toMatchObject([{ status: "failed", message: "Sign in first." }]);
  expect(uploads).toHaveLength(1);
  isSignedIn = true;
  keepsakes.retry(1);
  await settled();
  expect(keepsakes.get()).toMatchObject([{ status: "saved" }]);
});
