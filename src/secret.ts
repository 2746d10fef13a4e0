// A value that never prints. reveal() stands only where bytes leave the process: git's answer, a REST header, a store.
import { createHash, timingSafeEqual } from "node:crypto";
import { inspect } from "node:util";

const shown = "[secret]";

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. Every call of this is a place where it leaves the process. */
  reveal(): string {
    return this.#value;
  }

  /** Compares without telling by its time where the two differ. */
  equals(other: Secret): boolean {
    return timingSafeEqual(digest(this.#value), digest(other.#value));
  }

  /** Whether the secret has a shape, so that asking does not reveal it. */
  matches(shape: RegExp): boolean {
    return shape.test(this.#value);
  }

  /** Length in UTF-16 units: enough to tell a truncated paste. */
  get length(): number {
    return this.#value.length;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}

function digest(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}
