/**
 * The files that start all they need and measure no time: they run beside more of each other than those that measure what
 * a person would wait for.
 */
export const untimed = [
  "src/examples.test.ts",
  "src/backup.test.ts",
  "src/storm/storm.test.ts",
  "src/data-directory.test.ts",
];
