import { expect, test } from "vitest";
import { misspeltNames } from "./misspelt-names";

test("a variable that is almost called like one of ours is named, with the one that is meant", () => {
  const found = misspeltNames({
    FERMATA_ALLOWED_ORIGIN: "https://a.test",
    FERMATA_TRUST_PROXIES: "1",
    S3_PUBLIC_BUCKETS: "b",
  });
  expect(found).toEqual([
    { name: "FERMATA_ALLOWED_ORIGIN", meant: "FERMATA_ALLOWED_ORIGINS" },
    { name: "FERMATA_TRUST_PROXIES", meant: "FERMATA_TRUST_PROXY" },
    { name: "S3_PUBLIC_BUCKETS", meant: "S3_PUBLIC_BUCKET" },
  ]);
});

test("ours, those of our programs, and other people's are not", () => {
  const others = ["FERMATA_DATA", "FERMATA_URL", "FERMATA_TOKEN", "FERMATA_STARTED_AT"];
  others.push("FERMATA_REPO", "INNGEST_ENV", "INNGEST_SERVE_PATH", "S3_BUCKET", "PATH");
  expect(misspeltNames(Object.fromEntries(others.map((name) => [name, "x"])))).toEqual([]);
});
