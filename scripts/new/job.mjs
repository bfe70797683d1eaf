import { importing, insert, make } from "./changes.mjs";
import { featureAndVerb, kebab, spoken } from "./names.mjs";

const studio = "apps/web/src/studio";

/** A job of the studio's that runs once a day: its verb, its schedule, its line in the guide, and a test. */
export function newJob(name, _) {
  const { feature, verb } = featureAndVerb(name);
  const file = `${studio}/${feature}/${kebab(verb)}`;
  const job = spoken(verb);
  return {
    changes: [
      make(`${file}.ts`, verbText(verb)),
      make(`${file}.test.ts`, testText(verb, job)),
      importing(`${studio}/crons.ts`, verb, `./${feature}/${kebab(verb)}`),
      insert(`${studio}/crons.ts`, { before: /\}\n$/, line: scheduleText(verb, job) }),
      insert("docs/crons.md", {
        before: "| processing of media |",
        line: `| ${job} | 30 4 * * * | 30 | the same | rows |\n`,
      }),
    ],
    next: [
      `Say in ${studio}/crons.ts what it does and when, and in docs/crons.md what it reports.`,
      `npx vitest run ${file}.test.ts ${studio}/crons.test.ts`,
    ],
  };
}

const verbText = (verb) => `import type { JobContext } from "../context";

/**
 * What it does, in batches that can be repeated without harm.
 * @returns what the ledger keeps of the run
 */
export async function ${verb}({ signal }: Pick<JobContext, "signal">): Promise<{ rows: number }> {
  signal.throwIfAborted();
  return { rows: 0 };
}
`;

const testText = (verb, job) => `import { afterAll, expect, test } from "vitest";
import { createTestServices, jobContext } from "../testing/studio-lab";
import { ${verb} } from "./${kebab(verb)}";

const services = await createTestServices();
afterAll(() => services.dispose());

test("${job} finds nothing on an empty server", async () => {
  expect(await ${verb}(jobContext(services))).toEqual({ rows: 0 });
});
`;

const scheduleText = (verb, job) => `  crons.daily(
    "${job}",
    { hourUTC: 4, minuteUTC: 30 },
    {
      description: "What it does, and to which rows.",
      run: ({ signal }) => ${verb}({ signal }),
    },
  );
`;
