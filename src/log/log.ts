// The log: off by default, JSON lines, no secret at any level. docs/design.md, "Settings and the environment".

export type LogFields = Readonly<Record<string, unknown>>;
type Write = (fields: LogFields, message: string) => void;

/** Secrets in fields and messages are taken out on the way. Writing never throws. */
export interface Log {
  readonly error: Write;
  readonly warn: Write;
  readonly info: Write;
  readonly debug: Write;
  readonly trace: Write;
}

const nothing: Write = () => {};
export const silentLog: Log = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
};
