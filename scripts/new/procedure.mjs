import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importing, insert, make } from "./changes.mjs";
import { featureAndVerb, kebab } from "./names.mjs";

const contract = "packages/contract/src";
const studio = "apps/web/src/studio";

/** A procedure of the studio's: contract, verb, route, who may call it, and a test. */
export function newProcedure(name, { root, flags }) {
  const { feature, verb } = featureAndVerb(name);
  const file = `${studio}/${feature}/${kebab(verb)}`;
  const router = `${studio}/${feature}/router.ts`;
  const changes = [
    ...contractOf(root, feature, verb),
    make(`${file}.ts`, verbText(verb)),
    make(`${file}.test.ts`, testText(feature, verb)),
    ...(existsSync(join(root, router))
      ? []
      : [make(router, routerText(feature)), ...featureOf(feature)]),
    importing(router, verb, `./${kebab(verb)}`),
    importing(router, feature, "@fermata/contract"),
    importing(router, "userProcedure", "../trpc"),
    insert(router, {
      before: "} satisfies TRPCRouterRecord;",
      line: routeText(feature, verb, flags.includes("--query") ? "query" : "mutation"),
    }),
    insert(`${studio}/procedure-access.ts`, {
      after: "Record<PathsOf<StudioRoutes>, ProcedureAccess> = {\n",
      line: `  "${name}": self,\n`,
    }),
    insert(`${studio}/procedure-access.test.ts`, {
      after: "const inputs: Partial<Record<Path, (ids: Ids) => unknown>> = {\n",
      line: `  "${name}": () => ({ name: "Eve" }),\n`,
    }),
  ];
  return {
    changes,
    next: [
      `Say in ${contract} what it does, takes and gives; in procedure-access.ts who may call it.`,
      `npx vitest run ${studio} --update=all   # prints the client's types and the reference`,
      "npm run verify",
    ],
  };
}

function contractOf(root, feature, verb) {
  const entry = `  ${verb}: {
    about: "What it does, and until when.",
    input: z.object({ name: nameSchema }),
    output: z.object({ name: z.string(), userId: idSchema }),
  },
`;
  const known = readdirSync(join(root, contract)).find((name) =>
    readFileSync(join(root, contract, name), "utf8").includes(`export const ${feature} = {`),
  );
  if (!known) {
    return [
      make(`${contract}/${kebab(feature)}.ts`, contractText(feature, entry)),
      insert(`${contract}/index.ts`, {
        before: "export {",
        line: `export { ${feature} } from "./${kebab(feature)}";\n`,
      }),
    ];
  }
  const path = `${contract}/${known}`;
  return [
    insert(path, { after: `export const ${feature} = {\n`, line: entry }),
    ...["idSchema", "nameSchema"].map((name) => importing(path, name, "./common")),
  ];
}

const contractText = (feature, entry) => `import { z } from "zod";
import { idSchema, nameSchema } from "./common";
import type { ContractEntries } from "./contract-entry";

export const ${feature} = {
${entry}} satisfies ContractEntries;
`;

const verbText = (verb) => `import type { UserContext } from "../context";

/** What it does. Failures that somebody can expect are an \`AppError\` each. */
export async function ${verb}(ctx: UserContext, { name }: { name: string }) {
  return { name, userId: ctx.identity.userId };
}
`;

const testText = (feature, verb) => `import { afterAll, expect, test } from "vitest";
import { openFileLab } from "../testing/studio-lab";

const lab = await openFileLab();
const { me, user } = lab;
afterAll(() => lab.close());

test("says whose it is", async () => {
  const given = await me.${feature}.${verb}({ name: " Maja " });
  expect(given).toEqual({ name: "Maja", userId: user.id });
});
`;

const routerText = (feature) => `import type { TRPCRouterRecord } from "@trpc/server";

export const ${feature}Router = {
} satisfies TRPCRouterRecord;
`;

const routeText = (feature, verb, kind) => `  ${verb}: userProcedure
    .input(${feature}.${verb}.input)
    .output(${feature}.${verb}.output)
    .${kind}(({ ctx, input }) => ${verb}(ctx, input)),
`;

/** What a folder with procedures is told to: the router of all, and the descriptions. */
function featureOf(feature) {
  return [
    importing(`${studio}/routes.ts`, `${feature}Router`, `./${feature}/router`),
    insert(`${studio}/routes.ts`, {
      before: "} satisfies TRPCRouterRecord;",
      line: `  ${feature}: ${feature}Router,\n`,
    }),
    importing(`${studio}/procedure-terms.ts`, feature, "@fermata/contract"),
    insert(`${studio}/procedure-terms.ts`, {
      before: / \},\n {2}studioAccess/,
      line: `, ${feature}`,
    }),
  ];
}
