// The session bus: where it is, and what it may do to us. D-Bus Specification 0.43; real sockets, and a bus that misbehaves.
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { busAddresses, withBus } from "../../../src/secrets/stores/bus.ts";
import {
  decodeReply,
  encodeCall,
  messageLength,
  type Reply,
} from "../../../src/secrets/stores/bus-message.ts";
import { askSecretService } from "../../../src/secrets/stores/secret-service.ts";
import { openKeyring } from "../../support/keyring.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await openSandbox();
});

afterEach(async () => {
  await sandbox.close();
});

describe("the address", () => {
  it.each([
    [{}, []],
    [{ XDG_RUNTIME_DIR: "/run/user/1000" }, ["/run/user/1000/bus"]],
    [{ DBUS_SESSION_BUS_ADDRESS: "", XDG_RUNTIME_DIR: "/run/user/1" }, ["/run/user/1/bus"]],
    [{ DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/user/1000/bus" }, ["/run/user/1000/bus"]],
    [
      { DBUS_SESSION_BUS_ADDRESS: "unix:path=/a%20b/bus,guid=00ff", XDG_RUNTIME_DIR: "/r" },
      ["/a b/bus"],
    ],
    [{ DBUS_SESSION_BUS_ADDRESS: "unix:guid=00ff,path=/run/bus" }, ["/run/bus"]],
    [{ DBUS_SESSION_BUS_ADDRESS: "unix:abstract=/tmp/dbus-x,guid=00" }, ["\0/tmp/dbus-x"]],
    [{ DBUS_SESSION_BUS_ADDRESS: "tcp:host=::1,port=1;unix:path=/a;unix:path=/b" }, ["/a", "/b"]],
    [{ DBUS_SESSION_BUS_ADDRESS: "autolaunch:" }, []],
    [{ DBUS_SESSION_BUS_ADDRESS: "unix:tmpdir=/tmp" }, []],
  ])("%j is %j", (env, paths) => {
    expect(busAddresses(env)).toEqual(paths);
  });

  it("is tried one after the other", async () => {
    const keyring = await openKeyring(sandbox.env, "unlocked");
    const addresses = `unix:path=/nowhere;${keyring.env["DBUS_SESSION_BUS_ADDRESS"]}`;
    const state = await askSecretService(
      { DBUS_SESSION_BUS_ADDRESS: addresses },
      { service: "none" },
      3000,
    );
    await keyring.close();
    expect(state).toEqual({ defaultKeyring: "unlocked", unlocked: 0, locked: 0 });
  });
});

describe("a bus that", () => {
  it.each([
    ["refuses us", (socket: Socket) => socket.end("REJECTED EXTERNAL\r\n")],
    ["hangs up at once", (socket: Socket) => socket.end()],
    ["breaks off", (socket: Socket) => socket.destroy()],
    ["hangs up later", (socket: Socket) => socket.end("OK 00\r\n")],
    ["sends an endless line", (socket: Socket) => socket.write("x".repeat(100_000))],
    ["sends garbage", (socket: Socket) => socket.write(`OK 00\r\n${"\u0001".repeat(4000)}`)],
    ["sends zeros", (socket: Socket) => socket.write(`OK 00\r\n${"\0".repeat(4000)}`)],
    [
      "announces 4 GB",
      (socket: Socket) => socket.write(`OK 00\r\nl\u0002\0\u0001${"\u00ff".repeat(40)}`, "latin1"),
    ],
    [
      "cuts off",
      (socket: Socket) =>
        socket.end("OK 00\r\nl\u0002\0\u0001\u0010\0\0\0\u0001\0\0\0\u0010\0\0\0"),
    ],
  ])("%s is no keychain", async (_, behave) => {
    await withServer(behave, async (env) => {
      await expect(askSecretService(env, { service: "x" }, 3000)).rejects.toMatchObject({
        code: "store-unavailable",
        message: "there is no keychain: this session cannot use its D-Bus",
      });
    });
  });

  it("says nothing is not waited for", async () => {
    await withServer(
      () => {},
      async (env) => {
        await expect(askSecretService(env, { service: "x" }, 50)).rejects.toMatchObject({
          code: "store-unavailable",
          message: "the keychain did not answer within 1 s",
        });
      },
    );
  });

  it("listens on an abstract socket is reached", async () => {
    const name = `git-credential-bitbucket-test-${process.pid}`;
    await withServer(
      (socket) => socket.end("REJECTED\r\n"),
      async () => {
        const { signal } = new AbortController();
        await expect(withBus(`\0${name}`, signal, (call) => call([]))).rejects.toThrow(
          "the session bus refused us",
        );
      },
      `\0${name}`,
    );
  });
});

describe("a message", () => {
  it("is written as the specification lays it out", () => {
    const call = {
      destination: "org.example",
      path: "/",
      interface: "org.example.I",
      member: "Do",
      body: ["é", { a: "b" }],
    };
    const expected = Buffer.from(
      [
        // Little-endian, call, no flags, version 1; 30 bytes of body, serial 7, 92 bytes of fields.
        "6c010001 1e000000 07000000 5c000000",
        "01 016f00 01000000 2f00 000000000000",
        "02 017300 0d000000 6f72672e6578616d706c652e4900 0000",
        "03 017300 02000000 446f00 0000000000",
        "06 017300 0b000000 6f72672e6578616d706c6500 00000000",
        "08 016700 06 73617b73737d00 00000000",
        "02000000 c3a900 00",
        "0e000000 00000000 01000000 6100 0000 01000000 6200",
      ]
        .join("")
        .replaceAll(" ", ""),
      "hex",
    );
    expect(Buffer.from(encodeCall(call, 7)).toString("hex")).toBe(expected.toString("hex"));
    expect(messageLength(expected)).toBe(expected.length);
  });

  it.each([
    [
      "little",
      "6c020101 08000000 01000000 0f000000 05017500 02000000 08016700 01760000 01620000 01000000",
    ],
    [
      "big",
      "42020101 00000008 00000001 0000000f 05017500 00000002 08016700 01760000 01620000 00000001",
    ],
  ])("is read in %s-endian order", (_, hex) => {
    const message = Buffer.from(hex.replaceAll(" ", ""), "hex");
    expect(messageLength(message.subarray(0, 15))).toBeUndefined();
    expect(messageLength(message)).toBe(message.length);
    const found = decodeReply(Uint8Array.from(message));
    expect(found?.to).toBe(2);
    expect(found?.reply).toSatisfy(
      (reply: Reply) => "values" in reply && reply.values.variant() === true,
    );
  });
});

async function withServer(
  behave: (socket: Socket) => unknown,
  use: (env: Record<string, string>) => Promise<void>,
  path = join(sandbox.work, "bus"),
): Promise<void> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    await use({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` });
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}
