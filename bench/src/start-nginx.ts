import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@fermata/embedded/testing/free-port";

/** Debian's nginx with `sendfile`, on what lies in a directory that anybody may read. */
export async function startNginx(dir: string): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${dir}/${name};`,
  );
  await writeFile(
    join(dir, "nginx.conf"),
    `daemon off; worker_processes 1; pid ${dir}/nginx.pid; error_log stderr;
    events { }
    http { access_log off; sendfile on; tcp_nopush on; types { image/jpeg jpg; } ${temp.join(" ")}
      server { listen 127.0.0.1:${port}; root ${dir}; } }`,
  );
  const child = spawn("nginx", ["-p", dir, "-c", "nginx.conf", "-e", "stderr"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/nginx.conf`, { method: "HEAD" }).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error("nginx ended at its start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
