// `node scripts/check-terraform.mjs`: the form of infra/terraform, whether it is valid, and its tests. The provider is
// the stub of infra/terraform/testing, so that nothing is fetched and nothing is made.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const source = join(root, "infra/terraform");
const validated = ["environments/production", "environments/preview"];
const tested = ["modules/media-buckets", "modules/studio"];

function isInstalled() {
  return spawnSync("terraform", ["version"], { stdio: "ignore" }).status === 0;
}

function check() {
  const scratch = mkdtempSync(join(tmpdir(), "fermata-terraform-"));
  try {
    // A copy, since Terraform writes beside what it reads.
    const copy = join(scratch, "terraform");
    cpSync(source, copy, { recursive: true, filter: (path) => !path.includes("/.terraform") });
    symlinkSync(
      join(source, "testing/stub-provider.mjs"),
      join(scratch, "terraform-provider-cloudflare"),
    );
    const config = join(scratch, "terraform.rc");
    writeFileSync(
      config,
      `provider_installation {\n  dev_overrides {\n    "cloudflare/cloudflare" = "${scratch}"\n  }\n}\n`,
    );
    const env = {
      ...process.env,
      TF_CLI_CONFIG_FILE: config,
      TF_DISABLE_PLUGIN_TLS: "1",
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
    };
    const terraform = (folder, ...args) => {
      console.log(`terraform ${args.join(" ")} (${folder})`);
      const output = execFileSync("terraform", args, {
        cwd: join(copy, folder),
        env,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
      console.log(output.trimEnd());
    };
    terraform(".", "fmt", "-check", "-recursive", "-diff");
    for (const folder of validated) {
      terraform(folder, "get");
      terraform(folder, "validate", "-no-color");
    }
    for (const folder of tested) {
      terraform(folder, "get", "-test-directory=tests");
      terraform(folder, "test", "-no-color");
    }
    return 0;
  } catch (error) {
    console.error(`${error.stdout ?? ""}${error.stderr ?? ""}` || error);
    return 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (isInstalled()) process.exitCode = check();
else console.log("terraform is not installed: infra/terraform was not checked");
