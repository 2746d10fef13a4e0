// git-credential-libsecret: git's own C program for Secret Service. Not every package of git has it.
import { execFileSync } from "node:child_process";
import { openKeyring } from "../../support/keyring.ts";
import { versionOf } from "../find-program.ts";
import { answered, login, request } from "../warm-home.ts";
import type { Peer } from "./peer.ts";

export const libsecret: Peer = {
  name: "git-credential-libsecret",
  needs: ["git-credential-libsecret", "dbus-daemon", "gnome-keyring-daemon"],
  what: "git's C libsecret helper reading the same secret from Secret Service",
  version: (program) => versionOf(program),
  async open(program, _home, env) {
    const keyring = await openKeyring(env, "unlocked");
    execFileSync(program, ["store"], { env: keyring.env, input: login });
    return {
      get: { command: [program, "get"], input: request, env: keyring.env, expected: answered },
      close: () => keyring.close(),
    };
  },
};
