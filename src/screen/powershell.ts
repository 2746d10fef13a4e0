// Commands that people paste, on Windows: what stands behind `hint:` and `next` is written for sh, and PowerShell has other
// words for it. git's own commands are the same in both.

/** Whole commands, and what each is called there. */
const words: readonly (readonly [RegExp, string])[] = [
  [/^unset (\w+)$/u, "Remove-Item Env:$1"],
  [/^export (\w+)=(\S+)$/u, '$$env:$1 = "$2"'],
  [/^ls -l[ad]* (.+)$/u, "Get-Acl $1 | Format-List"],
  [/^rm (?:-f )?(.+)$/u, "Remove-Item $1"],
  [/^mv (\S+|'[^']*') (.+)$/u, "Move-Item $1 $2"],
  [/^tail (.+)$/u, "Get-Content -Tail 10 $1"],
  [/^(?:command -v|type -a) (\S+)$/u, "Get-Command -All $1"],
  [/^(?:df -h|findmnt(?: --target)?) .+$/u, "Get-Volume"],
  [/^dmesg \| tail$/u, "Get-WinEvent -LogName System -MaxEvents 10"],
  [
    /^\.\/install\/install\.sh.*$/u,
    "npm install --global .   # in a clone of git-credential-bitbucket",
  ],
];

/** @param command one that sh understands. @returns one that PowerShell does. */
export function inPowerShell(command: string): string {
  // A quote inside of quotes is written twice.
  const quoted = command.replaceAll(String.raw`'\''`, "''");
  const found = words.find(([pattern]) => pattern.test(quoted));
  return found === undefined ? quoted : quoted.replace(...found);
}

const advice = /^((?:git-credential-bitbucket: )?hint: |next: | +next +)(.+)$/gmu;

/** @returns the text with each command in it that is advice, on a line of its own, in PowerShell's words. */
export function adviceInPowerShell(text: string): string {
  return text.replaceAll(
    advice,
    (_, start: string, command: string) => start + inPowerShell(command),
  );
}
