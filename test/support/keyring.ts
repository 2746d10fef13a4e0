// A real Secret Service for tests: dbus-daemon and gnome-keyring-daemon in a home of their own.
//
//   const sandbox = await openSandbox();
//   const keyring = await openKeyring(sandbox.env, "unlocked");
//   await sandbox.program(["status"], { env: keyring.env });   // or spawn(…, { env: keyring.env })
//   await keyring.lock();                                      // and unlock(), stall(), resume()
//   await keyring.close();                                     // before sandbox.close()
//
// The environment handed in must have HOME, XDG_RUNTIME_DIR and XDG_DATA_HOME of the test's own; keyring.env is the same
// with DBUS_SESSION_BUS_ADDRESS. States:
//   unlocked     a keyring that answers
//   locked       the same, locked; nobody can be asked for its password
//   empty        a service without any keyring, as on a machine where nobody ever logged in graphically
//   no-service   a session bus without a Secret Service
//   no-bus       no session bus: what ssh, cron and containers have
// Needs the Debian packages dbus, gnome-keyring and (for keytar) libsecret-1-0.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type KeyringState = "unlocked" | "locked" | "empty" | "no-service" | "no-bus";

export interface Keyring {
  /** For children: what was handed in, with the session bus. */
  readonly env: Readonly<Record<string, string>>;
  lock(): Promise<void>;
  unlock(): Promise<void>;
  /** Stops the service where it stands: it keeps its name on the bus and answers nobody. */
  stall(): void;
  resume(): void;
  /** Ends the service, as a log-out does; the bus stays. */
  endService(): Promise<void>;
  /** Ends everything that was started. */
  close(): Promise<void>;
}

type Env = Readonly<Record<string, string>>;

const keyringPassword = "password of a test keyring";
const login = "/org/freedesktop/secrets/collection/login";
const patienceMilliseconds = 20_000;

/** Starts what the state needs and resolves when it answers. */
export async function openKeyring(base: Env, state: KeyringState): Promise<Keyring> {
  if (state === "no-bus") return keyringOf(base, undefined, undefined);
  const folder = await mkdtemp(join(variable(base, "XDG_RUNTIME_DIR"), "bus-"));
  const { bus, address } = await startBus(folder, base);
  const env = { ...base, DBUS_SESSION_BUS_ADDRESS: address };
  if (state === "no-service") return keyringOf(env, bus, undefined);
  try {
    const service = await startService(env, state === "empty" ? undefined : keyringPassword);
    if (state === "locked") await lock(env);
    return keyringOf(env, bus, service);
  } catch (error) {
    await end(bus);
    throw error;
  }
}

function keyringOf(
  env: Env,
  bus: ChildProcess | undefined,
  first: ChildProcess | undefined,
): Keyring {
  let service = first;
  return {
    env,
    lock: () => lock(env),
    async unlock() {
      // Without a person at a prompt, a start with the password is the only way.
      await end(service);
      service = await startService(env, keyringPassword);
    },
    stall: () => service?.kill("SIGSTOP"),
    resume: () => service?.kill("SIGCONT"),
    endService: () => end(service),
    async close() {
      await end(service);
      await end(bus);
    },
  };
}

// No service folders: nothing on this bus is started by being called, so nothing of the machine answers.
const busConfiguration = (socket: string): string => `
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

async function startBus(folder: string, env: Env): Promise<{ bus: ChildProcess; address: string }> {
  const configuration = join(folder, "bus.conf");
  await writeFile(configuration, busConfiguration(join(folder, "bus")).trimStart());
  const bus = start(env, [
    "dbus-daemon",
    `--config-file=${configuration}`,
    "--nofork",
    "--nopidfile",
    "--print-address=1",
  ]);
  const address = await firstLine(bus);
  return { bus, address };
}

/** @param password undefined: without a keyring. */
async function startService(env: Env, password: string | undefined): Promise<ChildProcess> {
  const service = start(env, [
    "gnome-keyring-daemon",
    "--foreground",
    "--components=secrets",
    ...(password === undefined ? [] : ["--unlock"]),
  ]);
  service.stdin?.end(password ?? "");
  const ready = password === undefined ? "object path" : "boolean false";
  const question =
    password === undefined
      ? ["/org/freedesktop/secrets", "org.freedesktop.Secret.Service.ReadAlias", "string:default"]
      : [
          login,
          "org.freedesktop.DBus.Properties.Get",
          "string:org.freedesktop.Secret.Collection",
          "string:Locked",
        ];
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    const answer = await ask(env, question);
    if (answer.includes(ready)) return service;
    if (Date.now() > deadline || service.exitCode !== null) {
      await end(service);
      throw new Error(`gnome-keyring-daemon does not answer: ${answer}`);
    }
    await sleep(20);
  }
}

async function lock(env: Env): Promise<void> {
  const answer = await ask(env, [
    "/org/freedesktop/secrets",
    "org.freedesktop.Secret.Service.Lock",
    `array:objpath:${login}`,
  ]);
  if (!answer.includes(login)) throw new Error(`the keyring was not locked: ${answer}`);
}

/** @returns what dbus-send printed, also when the call failed. */
async function ask(env: Env, call: readonly string[]): Promise<string> {
  const child = start(env, [
    "dbus-send",
    "--print-reply",
    "--dest=org.freedesktop.secrets",
    ...call,
  ]);
  let answer = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (answer += text));
  }
  await once(child, "close");
  return answer;
}

/** Nothing outlives the tests, however they end: setpriv(1) has the kernel kill it with its parent. */
function start(env: Env, command: readonly string[]): ChildProcess {
  return spawn("setpriv", ["--pdeathsig", "KILL", ...command], { env, cwd: "/" });
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (more: string) => (complaint += more));
  for await (const more of child.stdout?.setEncoding("utf8").iterator({ destroyOnReturn: false }) ??
    []) {
    text += more as string;
    if (text.includes("\n")) return text.slice(0, text.indexOf("\n"));
  }
  throw new Error(`${child.spawnfile} did not start: ${complaint}`);
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "exit");
  child.kill("SIGKILL");
  await closed;
}

function variable(env: Env, name: string): string {
  const value = env[name];
  if (value === undefined) throw new Error(`a keyring needs ${name}`);
  return value;
}
