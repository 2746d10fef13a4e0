// A real SOCKS server on loopback: versions 4, 4A and 5 (RFC 1928, RFC 1929), CONNECT only, well-behaved or not.
import net, { type AddressInfo } from "node:net";

export interface SocksProxyOptions {
  /** Without them everybody may pass. SOCKS 4 has no password: there the user alone counts. */
  readonly credentials?: { readonly user: string; readonly password: string } | undefined;
  /** Where a target really is, by `host:port`; others are connected to as they are asked for. */
  readonly routes?: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
  /** Instead of speaking SOCKS. */
  readonly answer?: ((socket: net.Socket) => void) | undefined;
  /** Says no to every target. */
  readonly refuses?: boolean;
}

export interface SocksProxy {
  readonly port: number;
  /** What was asked for, in order, as it was asked: `host:port` with a name or an address. */
  readonly targets: readonly string[];
  close(): Promise<void>;
}

export async function startSocksProxy(options: SocksProxyOptions = {}): Promise<SocksProxy> {
  const targets: string[] = [];
  const sockets = new Set<net.Socket>();
  const remember = (socket: net.Socket): net.Socket => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // Either side may go at any time; the other one is told by its closing.
    socket.on("error", () => {});
    return socket;
  };
  const server = net.createServer((client) => {
    remember(client);
    if (options.answer !== undefined) return options.answer(client);
    serve(client, options, targets, remember).catch(() => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    targets,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  client: net.Socket,
  { credentials, routes = {}, refuses = false }: SocksProxyOptions,
  targets: string[],
  remember: (socket: net.Socket) => net.Socket,
): Promise<void> {
  const read = reader(client);
  const [version = 0] = await read.bytes(1);
  const asked = version === 4 ? await ask4(read) : await ask5(client, read, credentials);
  if (asked === undefined) return void client.end();
  targets.push(`${asked.host}:${asked.port}`);
  const isStranger = version === 4 && credentials !== undefined && asked.user !== credentials.user;
  const { yes, no } = replies[version === 4 ? 4 : 5];
  if (refuses || isStranger) return void client.end(no);
  const target = routes[`${asked.host}:${asked.port}`] ?? asked;
  const upstream = remember(net.connect(target.port, target.host));
  upstream.once("connect", () => {
    client.write(yes);
    read.release();
    upstream.pipe(client);
    client.pipe(upstream);
  });
  upstream.once("error", () => client.end(no));
  upstream.once("close", () => client.destroy());
  client.once("close", () => upstream.destroy());
}

const nowhere = [0, 0, 0, 0, 0, 0];
const replies = {
  4: { yes: Buffer.from([0, 90, ...nowhere]), no: Buffer.from([0, 91, ...nowhere]) },
  5: { yes: Buffer.from([5, 0, 0, 1, ...nowhere]), no: Buffer.from([5, 2, 0, 1, ...nowhere]) },
};

async function ask4(read: Reader) {
  await read.bytes(1);
  const port = (await read.bytes(2)).readUInt16BE();
  const address = await read.bytes(4);
  const user = await read.text();
  // 0.0.0.x: the name comes behind, as 4A has it.
  const isName = address.readUInt32BE() < 256;
  return { host: isName ? await read.text() : address.join("."), port, user };
}

async function ask5(
  client: net.Socket,
  read: Reader,
  credentials: SocksProxyOptions["credentials"],
) {
  const methods = await read.bytes((await read.bytes(1)).readUInt8());
  const method = credentials === undefined ? 0 : 2;
  client.write(Buffer.from([5, methods.includes(method) ? method : 255]));
  if (!methods.includes(method)) return undefined;
  if (credentials !== undefined) {
    await read.bytes(1);
    const user = String(await read.counted());
    const password = String(await read.counted());
    const isRight = user === credentials.user && password === credentials.password;
    client.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) return undefined;
  }
  const kind = (await read.bytes(4)).readUInt8(3);
  const host =
    kind === 3 ? String(await read.counted()) : addressText(await read.bytes(kind === 1 ? 4 : 16));
  return { host, port: (await read.bytes(2)).readUInt16BE(), user: undefined };
}

function addressText(bytes: Buffer): string {
  return bytes.length === 4
    ? bytes.join(".")
    : (bytes.toString("hex").match(/.{4}/gu) ?? []).join(":");
}

type Reader = ReturnType<typeof reader>;

function reader(socket: net.Socket) {
  const chunks = socket.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  let held = Buffer.alloc(0);
  async function bytes(count: number): Promise<Buffer> {
    while (held.length < count) {
      const { value, done } = await chunks.next();
      if (done === true) throw new Error("it hung up");
      held = Buffer.concat([held, value]);
    }
    const taken = held.subarray(0, count);
    held = held.subarray(count);
    return taken;
  }
  return {
    bytes,
    counted: async () => await bytes((await bytes(1)).readUInt8()),
    /** Up to a NUL. */
    async text() {
      let text = "";
      for (let byte = await bytes(1); byte[0] !== 0; byte = await bytes(1)) text += String(byte);
      return text;
    },
    release: () => void chunks.return?.(),
  };
}
