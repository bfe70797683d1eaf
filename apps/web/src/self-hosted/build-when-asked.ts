import { spawn } from "node:child_process";

export interface SiteBuild {
  /** As people call it. */
  name: string;
  isBuilt(): boolean;
  /** What Node runs to build it, by path, with its arguments. */
  command: string[];
  dir: string;
  env?: Record<string, string>;
  /** What a person may run instead. */
  remedy: string;
}

/**
 * So that a first start does not wait for what nobody may look at.
 * @returns what builds the site unless it is there, once for all who ask; why it cannot be shown, or null
 */
export function buildWhenAsked(site: SiteBuild): () => Promise<string | null> {
  let building: Promise<string | null> | null = null;
  return () => {
    if (site.isBuilt()) return Promise.resolve(null);
    building ??= build(site).finally(() => {
      building = null;
    });
    return building;
  };
}

function build({ name, command, dir, env, remedy }: SiteBuild): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: dir,
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, NODE_ENV: "production", ...env },
    });
    child.on("error", () => resolve(`${name} is not built here. Build it with \`${remedy}\`.`));
    child.on("exit", (code) => {
      resolve(code === 0 ? null : `${name} could not be built. Build it with \`${remedy}\`.`);
    });
  });
}
