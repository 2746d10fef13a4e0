// The rows of the table, in its order: those of the specification with their limits, then the peers.
import { crowdRow, memoryRow, networkRow } from "./daemon-rows.ts";
import { cachePair, coldPair, fillPair, manyAccountsPair } from "./pairs.ts";
import { libsecretRow, peerRows } from "./peers/rows.ts";
import { type Row, rowOfMost } from "./row.ts";

export async function readRows(): Promise<readonly Row[]> {
  return [
    rowOfMost(
      "warm `get` through the front, against `git credential-cache get`",
      2.2,
      await cachePair(),
    ),
    rowOfMost("whole `git credential fill`, against helper `cache`", 1.5, await fillPair()),
    await libsecretRow(1),
    rowOfMost(
      "cold `get` (no daemon, secret in `file`), against `node` doing nothing",
      1.7,
      await coldPair(),
    ),
    rowOfMost("warm `get` with 1,000 accounts, against 1 account", 1.2, await manyAccountsPair()),
    await crowdRow(),
    await memoryRow(),
    await networkRow(),
    ...(await peerRows()),
  ];
}
