// Which of two versions is the older: it gives way.

/** Compares versions as numbers with dots between; what comes behind a hyphen does not count. */
export function isOlder(one: string, other: string): boolean {
  const [left, right] = [numbers(one), numbers(other)];
  const index = left.findIndex((part, position) => part !== right[position]);
  return index !== -1 && (left[index] ?? 0) < (right[index] ?? 0);
}

function numbers(text: string): readonly number[] {
  const parts = /^(\d+)\.(\d+)\.(\d+)/u.exec(text)?.slice(1) ?? ["0", "0", "0"];
  return parts.map(Number);
}
