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

/** Of either kind. */
export const patience = {
  // What was late on a busy machine is tried again; what is wrong is wrong again.
  retry: 2,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // What a busy machine does in its own time; a test that promises less says so itself.
  expect: { poll: { timeout: 15_000 } },
};
