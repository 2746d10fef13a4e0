// gh answers for its own hosts only: it is asked for github.com, with a login of its own for that.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { versionOf } from "../find-program.ts";
import { secret } from "../warm-home.ts";
import { noNetwork, type Peer } from "./peer.ts";

// As gh 2.40 and later write it, which older ones read as well.
const hosts = `github.com:
    users:
        ada:
            oauth_token: ${secret}
    oauth_token: ${secret}
    user: ada
    git_protocol: https
`;

export const gh: Peer = {
  name: "gh",
  needs: ["gh"],
  what: "`gh auth git-credential get` for github.com with the same secret in hosts.yml",
  version: (program) => versionOf(program, { args: ["--version"], pattern: /^gh version (\S+)/u }),
  async open(program, home, env) {
    const folder = join(home.home, "gh");
    await mkdir(folder);
    await writeFile(join(folder, "hosts.yml"), hosts, { mode: 0o600 });
    // Later ones would otherwise ask GitHub whose token it is.
    await writeFile(join(folder, "config.yml"), 'version: "1"\n');
    return {
      get: {
        command: [program, "auth", "git-credential", "get"],
        input: "protocol=https\nhost=github.com\n",
        env: { ...env, ...noNetwork, GH_CONFIG_DIR: folder, GH_NO_UPDATE_NOTIFIER: "1" },
        expected: (stdout) => stdout.includes(`username=ada\npassword=${secret}\n`),
      },
      close: () => Promise.resolve(),
    };
  },
};
