import { describe, expect, it } from "vitest";
import { directories } from "../../src/files/directories.ts";

describe("directories", () => {
  it("follows the XDG variables", () => {
    const env = {
      XDG_DATA_HOME: "/d",
      XDG_CACHE_HOME: "/c/",
      XDG_CONFIG_HOME: "/o",
      XDG_STATE_HOME: "/s",
      XDG_RUNTIME_DIR: "/run/user/1000",
    };
    expect(directories(env, "linux")).toEqual({
      data: "/d/git-credential-bitbucket",
      cache: "/c/git-credential-bitbucket",
      config: "/o/git-credential-bitbucket",
      state: "/s/git-credential-bitbucket",
      runtime: "/run/user/1000/git-credential-bitbucket",
    });
  });

  it.each(["linux", "darwin", "freebsd"] as const)("falls back to the home on %s", (platform) => {
    expect(directories({ HOME: "/home/ada" }, platform)).toEqual({
      data: "/home/ada/.local/share/git-credential-bitbucket",
      cache: "/home/ada/.cache/git-credential-bitbucket",
      config: "/home/ada/.config/git-credential-bitbucket",
      state: "/home/ada/.local/state/git-credential-bitbucket",
      runtime: undefined,
    });
  });

  it.each(["", ".", "share", "../share", "~/share"])("ignores the relative value '%s'", (value) => {
    const env = { HOME: "/home/ada", XDG_DATA_HOME: value, XDG_RUNTIME_DIR: value };
    expect(directories(env, "linux").data).toBe("/home/ada/.local/share/git-credential-bitbucket");
    expect(directories(env, "linux").runtime).toBeUndefined();
  });

  it.each([{}, { HOME: "" }, { HOME: "ada" }, { HOME: undefined, XDG_DATA_HOME: "/d" }])(
    "refuses to guess a home: %j",
    (env) => {
      expect(() => directories(env, "linux")).toThrowError(
        expect.objectContaining({ code: "system", message: expect.stringContaining("HOME") }),
      );
    },
  );

  it("uses the local application data on Windows", () => {
    const env = { LOCALAPPDATA: String.raw`C:\Users\ada\AppData\Local` };
    expect(directories(env, "win32").data).toBe(
      String.raw`C:\Users\ada\AppData\Local\git-credential-bitbucket\data`,
    );
    expect(() => directories({}, "win32")).toThrowError(
      expect.objectContaining({ code: "system" }),
    );
  });
});
