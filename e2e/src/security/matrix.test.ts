import { readFileSync } from "node:fs";
import type { ErrorCode } from "@fermata/contract";
import { beforeAll, describe, expect, test } from "vitest";
import { openStream } from "../setup/event-stream";
import { procedures } from "../setup/reference";
import { createRoom, joinRoom } from "../setup/rooms";
import { codeOf, newMember, type Rpc, rpcFor, signInAdmin } from "../setup/rpc";
import { type Target, targets } from "../setup/targets";

const docs = new URL("../../../docs/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, docs), "utf8");

const kinds = new Map(procedures.map(({ path, kind }) => [path, kind]));

const columns = ["nobody", "guest", "member"] as const;
type Who = (typeof columns)[number];

/** What the threat model says of each, by who calls. */
const matrix = new Map(
  [...read("threat-model.md").matchAll(/^\| `(\w+\.\w+)` \| (.*) \|$/gm)].map(
    ([, path = "", cells = ""]) => {
      const [nobody = "", guest = "", member = ""] = cells.split(" | ");
      return [path, { nobody, guest, member }];
    },
  ),
);

const statuses: Partial<Record<ErrorCode, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403 };

/** Who is refused whatever they name, be it their own. */
function refusalsOf(who: Who): Map<string, ErrorCode> {
  const refused = [...matrix].flatMap(([path, access]) => {
    const [, code] = /^`(UNAUTHENTICATED|FORBIDDEN)`$/.exec(access[who]) ?? [];
    return code ? [[path, code as ErrorCode] as const] : [];
  });
  return new Map(refused);
}

test("every procedure is classified, and nothing that is gone", () => {
  expect(kinds.size).toBeGreaterThan(80);
  expect([...matrix.keys()]).toEqual([...kinds.keys()]);
});

test.each(columns)("there is what %s must not do", (who) => {
  expect(refusalsOf(who).size).toBeGreaterThan(20);
});

describe.each(targets)("the matrix on $name", (target) => {
  let callers: Record<Who, Rpc>;
  let input: { roomId: string; peerId: string; messages: { kind: string; payload: unknown }[] };

  beforeAll(async () => {
    const member = await newMember(target, await signInAdmin(target));
    const room = await createRoom(member);
    const guest = await joinRoom(target, room, "Ada");
    callers = { nobody: rpcFor(target.baseUrl), guest: guest.rpc, member };
    // The member's room, in which the guest sits: nobody is refused because there is no such thing.
    const { roomId } = room;
    input = { roomId, peerId: guest.peerId, messages: [{ kind: "note", payload: null }] };
  });

  const answersTo = async (caller: Rpc, paths: Iterable<string>) => {
    const answers = new Map<string, unknown>();
    for (const path of paths) answers.set(path, await answerTo(target, caller, path, input));
    return answers;
  };
  const expected = (who: Who) =>
    new Map([...refusalsOf(who)].map(([path, code]) => [path, [statuses[code], code]]));

  test.each(columns)("%s is refused as it says", async (who) => {
    const refusals = expected(who);
    expect(await answersTo(callers[who], refusals.keys())).toEqual(refusals);
  });

  test.each(["fms_forged", "fmr_forged", "forged", "null"])(
    "a bearer %s is nobody's",
    async (token) => {
      const refusals = expected("nobody");
      const forger = rpcFor(target.baseUrl, token);
      expect(await answersTo(forger, refusals.keys())).toEqual(refusals);
    },
  );
});

async function answerTo(target: Target, caller: Rpc, path: string, input: object) {
  const kind = kinds.get(path);
  if (kind === "query") return codeOf(await caller.query(path, input));
  if (kind === "mutation") return codeOf(await caller.mutate(path, input));
  const stream = await openStream(target, path, input, caller.token);
  try {
    await expect.poll(() => stream.end, { timeout: 5_000 }).not.toBeNull();
    const code = stream.end as ErrorCode;
    // A stream is 200 before its first word.
    return [statuses[code], code];
  } finally {
    stream.close();
  }
}
