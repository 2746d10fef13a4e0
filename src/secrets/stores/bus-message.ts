// D-Bus messages as bytes: the method calls we make and the replies we read. D-Bus Specification 0.43, "Message Format".

export interface MethodCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly body: readonly BusValue[];
}

/** A string, a table of strings (a{ss}), or what says itself what it is. */
export type BusValue = string | Readonly<Record<string, string>> | BusPath | BusVariant;

/** The path of an object. */
export class BusPath {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

/** A string where a value of any type may stand. */
export class BusVariant {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The answer to a call: its values, or the name of an error. */
export type Reply = { readonly values: BusReader } | { readonly error: string };

const field = {
  path: 1,
  interface: 2,
  member: 3,
  error: 4,
  replyTo: 5,
  destination: 6,
  signature: 8,
};
const [littleEndian, bigEndian] = [0x6c, 0x42]; // "l" and "B"
const prefixBytes = 16; // up to the fields: kind, length of the body, serial, length of the fields
const maxMessageBytes = 1 << 20; // answers to us are far smaller; the specification allows 128 MiB

/** @param serial of the message; the reply names it. */
export function encodeCall(call: MethodCall, serial: number): Uint8Array {
  const body = new BusWriter();
  const signature = call.body.map((value) => body.value(value)).join("");

  const fields = new BusWriter();
  fields.field(field.path, "o", call.path);
  fields.field(field.interface, "s", call.interface);
  fields.field(field.member, "s", call.member);
  fields.field(field.destination, "s", call.destination);
  if (signature !== "") fields.field(field.signature, "g", signature);

  const message = new BusWriter();
  message.bytes.push(littleEndian, 1, 0, 1); // a method call, without flags, version 1
  message.number(body.bytes.length);
  message.number(serial);
  message.number(fields.bytes.length);
  message.bytes.push(...fields.bytes);
  message.align(8);
  return Uint8Array.from([...message.bytes, ...body.bytes]);
}

/** @returns how long the message that begins here is; undefined when too little of it is there to tell. */
export function messageLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < prefixBytes) return undefined;
  if (bytes[0] !== littleEndian && bytes[0] !== bigEndian) throw new Error("that is no D-Bus");
  const reader = new BusReader(bytes, 4);
  const bodyLength = reader.number();
  reader.number();
  const length = prefixBytes + Math.ceil(reader.number() / 8) * 8 + bodyLength;
  if (length > maxMessageBytes) throw new Error("the bus sent an answer that is too long");
  return length;
}

/** @returns the reply and the serial of its call; undefined for signals and calls. */
export function decodeReply(message: Uint8Array): { to: number; reply: Reply } | undefined {
  const reader = new BusReader(message, prefixBytes - 4);
  const end = reader.number() + prefixBytes;
  let to: number | undefined;
  let error: string | undefined;
  while (reader.offset < end) {
    reader.align(8);
    const code = reader.byte();
    const value = reader.variant();
    if (code === field.replyTo && typeof value === "number") to = value;
    if (code === field.error && typeof value === "string") error = value;
  }
  reader.align(8);
  if (to === undefined) return undefined;
  return { to, reply: error === undefined ? { values: reader } : { error } };
}

/** Reads values in their order; throws on what we never ask for. */
export class BusReader {
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  offset: number;

  /** @param message from its first byte, which tells the byte order. */
  constructor(message: Uint8Array, offset: number) {
    this.#view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    this.#littleEndian = message[0] === littleEndian;
    this.offset = offset;
  }

  align(size: number): void {
    this.offset = Math.ceil(this.offset / size) * size;
  }

  byte(): number {
    this.offset += 1;
    return this.#view.getUint8(this.offset - 1);
  }

  number(): number {
    this.align(4);
    this.offset += 4;
    return this.#view.getUint32(this.offset - 4, this.#littleEndian);
  }

  string(): string {
    return this.#text(this.number());
  }

  variant(): string | number | boolean {
    const type = this.#text(this.byte());
    if (type === "s" || type === "o") return this.string();
    if (type === "g") return this.#text(this.byte());
    if (type === "u") return this.number();
    if (type === "b") return this.number() === 1;
    throw new Error("the bus sent a value of a type that was not asked for");
  }

  /** A variant that holds a table of strings. */
  variantTable(): ReadonlyMap<string, string> {
    if (this.#text(this.byte()) !== "a{ss}")
      throw new Error("the bus sent a value of a type that was not asked for");
    const length = this.number();
    this.align(8);
    const end = this.offset + length;
    const found = new Map<string, string>();
    for (; this.offset < end; this.align(8)) found.set(this.string(), this.string());
    return found;
  }

  /** An array of bytes. */
  bytes(): Buffer {
    const length = this.number();
    this.offset += length;
    const { buffer, byteOffset } = this.#view;
    return Buffer.from(buffer, byteOffset + this.offset - length, length);
  }

  /** An array of strings or object paths. */
  strings(): readonly string[] {
    const end = this.number() + this.offset;
    const found: string[] = [];
    while (this.offset < end) found.push(this.string());
    return found;
  }

  #text(length: number): string {
    const { buffer, byteOffset } = this.#view;
    const text = Buffer.from(buffer, byteOffset + this.offset, length).toString("utf8");
    this.offset += length + 1; // every text ends in a NUL
    return text;
  }
}

class BusWriter {
  readonly bytes: number[] = [];

  /** @returns the type, as signatures have it. */
  value(value: BusValue): string {
    if (typeof value === "string") {
      this.string(value);
      return "s";
    }
    if (value instanceof BusPath) {
      this.string(value.path);
      return "o";
    }
    if (value instanceof BusVariant) {
      this.signature("s");
      this.string(value.text);
      return "v";
    }
    this.table(value);
    return "a{ss}";
  }

  align(size: number): void {
    while (this.bytes.length % size !== 0) this.bytes.push(0);
  }

  number(value: number): void {
    this.align(4);
    for (const shift of [0, 8, 16, 24]) this.bytes.push((value >>> shift) & 0xff);
  }

  string(value: string): void {
    const text = Buffer.from(value, "utf8");
    this.number(text.length);
    this.bytes.push(...text, 0);
  }

  signature(value: string): void {
    this.bytes.push(value.length, ...Buffer.from(value, "latin1"), 0);
  }

  field(code: number, type: "o" | "s" | "g", value: string): void {
    this.align(8);
    this.bytes.push(code);
    this.signature(type);
    if (type === "g") this.signature(value);
    else this.string(value);
  }

  table(values: Readonly<Record<string, string>>): void {
    const entries = new BusWriter();
    for (const [key, value] of Object.entries(values)) {
      entries.align(8);
      entries.string(key);
      entries.string(value);
    }
    this.number(entries.bytes.length);
    this.align(8);
    this.bytes.push(...entries.bytes);
  }
}
