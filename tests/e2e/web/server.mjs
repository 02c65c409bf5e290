// server.mjs - starts skirmishd for a test and reads its ready line.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const READY_MS = 15000;
const root = resolve(fileURLToPath(import.meta.url), "../../../..");
export const build = process.env.SK_BUILD_DIR ?? join(root, "build/release");

/** A certificate for 127.0.0.1, as a person without one would make it. */
export function makeCertificate(folder) {
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  execFileSync("openssl", [
    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
    "-keyout", key, "-out", cert,
  ], { stdio: "ignore" });
  return ["--tls-cert", cert, "--tls-key", key];
}

/** Starts a program and resolves with the fields of its `ready` line and a stop(signal). */
export async function start(program, flags) {
  const child = spawn(join(build, program), flags, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (bytes) => (log += bytes));
  const ended = new Promise((done) => child.once("exit", (code) => done(code)));
  const stop = async (signal = "SIGTERM") => {
    child.kill(signal);
    return ended;
  };
  const fields = await ready(child, () => log);
  return { ...fields, stop, log: () => log };
}

function ready(child, log) {
  return new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`no ready line:\n${log()}`)), READY_MS);
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`ended with ${code}:\n${log()}`)));
    let text = "";
    child.stdout.on("data", (bytes) => {
      text += bytes;
      const line = /^ready (.*)$/m.exec(text);
      if (!line) return;
      clearTimeout(late);
      done(Object.fromEntries(line[1].split(" ").map((field) => field.split(/=(.*)/))));
    });
  });
}

const page = join(root, "clients/web/game/dist");
const maps = join(root, "assets");

/** skirmishd on a free port unless told otherwise, serving the page and its maps or others. */
export async function startServer(
  { tls = false, flags = [], listen = "127.0.0.1:0", web = page, assets = maps } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "skirmish-e2e-"));
  const server = await start("skirmishd", [
    "--listen", listen, "--admin", "127.0.0.1:0", "--web", web,
    "--assets", assets,
    ...(tls ? makeCertificate(folder) : []), ...flags,
  ]);
  const stop = async (signal) => {
    const code = await server.stop(signal);
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  return { ...server, stop };
}
